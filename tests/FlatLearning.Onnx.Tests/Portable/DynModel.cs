using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using Google.Protobuf;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Portable;

/// <summary>Models of DynMatMul nodes with their functions, made without the converter.</summary>
internal static class DynModel
{
    /// <summary>One node: x of the given rank, free leading dimensions, gives y.</summary>
    public static ModelProto Create(
        DynWeight weight, DynStructure structure, int opset, int rank = 2, float[]? bias = null)
    {
        ModelProto model = Empty(structure.ElementType, weight, opset, rank);
        AddNode(model, weight, "x", "y", string.Empty, DynOperator.Name, bias);
        model.Functions.Add(PortableFunction.Build(structure, opset, DynOperator.Name));
        return model;
    }

    /// <summary>A model with input x and output y, but no node.</summary>
    public static ModelProto Empty(DataType type, DynWeight weight, int opset, int rank)
    {
        ModelProto model = new() { IrVersion = PortableFunction.IrVersion, Graph = new GraphProto { Name = "g" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = opset });
        model.OpsetImport.Add(
            new OperatorSetIdProto { Domain = DynOperator.Domain, Version = DynOperator.OpsetVersion });
        model.Graph.Input.Add(Value("x", type, rank, weight.Rows));
        model.Graph.Output.Add(Value("y", type, rank, weight.Columns));
        return model;
    }

    /// <summary>Adds a node and its initializers, whose names start with a prefix.</summary>
    public static void AddNode(
        ModelProto model, DynWeight weight, string x, string y, string prefix, string operatorType, float[]? bias)
    {
        DynNode parts = DynWeightWriter.Write(weight);
        NodeProto node = new() { OpType = operatorType, Domain = DynOperator.Domain };
        node.Output.Add(y);
        node.Input.Add(x);
        node.Input.Add(bias is null ? string.Empty : $"{prefix}bias");
        if (bias is not null)
        {
            model.Graph.Initializer.Add(TensorWriter.Float32($"{prefix}bias", [bias.Length], bias));
        }

        foreach (WeightInput input in WeightInputs.All)
        {
            string name = prefix + input.Name();
            bool isThere = parts.Inputs.TryGetValue(input, out ConstantTensor? tensor);
            node.Input.Add(isThere ? name : string.Empty);
            if (isThere)
            {
                model.Graph.Initializer.Add(
                    TensorWriter.Raw(name, (DataType)tensor!.ElementType, tensor.Shape, tensor.Bytes.ToArray()));
            }
        }

        while (node.Input[^1].Length == 0)
        {
            node.Input.RemoveAt(node.Input.Count - 1);
        }

        foreach (DynAttribute attribute in parts.Attributes)
        {
            AttributeProto written = new() { Name = attribute.Name, Type = (AttributeType)attribute.Type };
            switch (attribute.Type)
            {
                case DynAttributeType.Int:
                    written.I = attribute.Integers[0];
                    break;
                case DynAttributeType.Ints:
                    written.Ints.AddRange(attribute.Integers);
                    break;
                default:
                    written.S = ByteString.CopyFromUtf8(attribute.Text);
                    break;
            }

            node.Attribute.Add(written);
        }

        model.Graph.Node.Add(node);
    }

    private static ValueInfoProto Value(string name, DataType type, int rank, long last)
    {
        TensorShapeProto shape = new();
        for (int i = 0; i < rank - 1; i++)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = $"d{i}" });
        }

        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = last });
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}

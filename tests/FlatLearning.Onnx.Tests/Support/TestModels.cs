using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using Google.Protobuf;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Support;

/// <summary>Small models made in memory, and the pieces to make more.</summary>
internal static class TestModels
{
    /// <summary>y = Identity(x), x of float32 [2].</summary>
    public static ModelProto Identity()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(Value("x", DataType.Float, 2));
        graph.Output.Add(Value("y", DataType.Float, 2));
        graph.Node.Add(Node("Identity", ["x"], ["y"]));
        return Model(graph);
    }

    /// <summary>y = x W + b, with W of float32 [rows, columns] given row-major.</summary>
    public static ModelProto Linear(int rows, int columns, Func<int, float> weight)
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(Value("x", DataType.Float, 1, rows));
        graph.Output.Add(Value("y", DataType.Float, 1, columns));
        graph.Initializer.Add(
            TensorWriter.Float32("W", [rows, columns], [.. Enumerable.Range(0, rows * columns).Select(weight)]));
        graph.Initializer.Add(TensorWriter.Float32("b", [columns], new float[columns]));
        graph.Node.Add(Node("MatMul", ["x", "W"], ["xw"]));
        graph.Node.Add(Node("Add", ["xw", "b"], ["y"]));
        return Model(graph);
    }

    /// <summary>A model around a graph, for opset 17 under IR 8.</summary>
    public static ModelProto Model(GraphProto graph)
    {
        ModelProto model = new() { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        return model;
    }

    /// <summary>A node of the standard domain, named after its first output.</summary>
    public static NodeProto Node(string type, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        NodeProto node = new() { OpType = type, Name = "n_" + outputs[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        return node;
    }

    /// <summary>A tensor value of a known shape.</summary>
    public static ValueInfoProto Value(string name, DataType type, params long[] dims)
    {
        TensorShapeProto shape = new();
        shape.Dim.AddRange(dims.Select(dim => new TensorShapeProto.Types.Dimension { DimValue = dim }));
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    public static AttributeProto Int(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeType.Int };

    public static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Ints(string name, params long[] values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Tensor(string name, TensorProto value) =>
        new() { Name = name, T = value, Type = AttributeType.Tensor };

    public static AttributeProto Graph(string name, GraphProto value) =>
        new() { Name = name, G = value, Type = AttributeType.Graph };

    /// <summary>Points a tensor at external data without writing any.</summary>
    public static TensorProto External(
        string name, DataType type, long[] dims, params (string Key, string Value)[] entries)
    {
        TensorProto tensor =
            new() { Name = name, DataType = (int)type, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.Dims.AddRange(dims);
        tensor.ExternalData.AddRange(
            entries.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return tensor;
    }

    /// <summary>The message's bytes.</summary>
    public static byte[] Bytes(ModelProto model) => model.ToByteArray();
}

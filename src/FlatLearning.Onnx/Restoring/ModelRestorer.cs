using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Inspection;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Validation;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Restoring;

/// <summary>
/// Turns a converted model back into plain ONNX: every node of ours becomes standard nodes with the decoded dense
/// weight, in the element type of the original. The decoded values, not the original ones: what the conversion lost
/// stays lost.
/// </summary>
public static class ModelRestorer
{
    /// <summary>Restores a model in memory.</summary>
    /// <param name="converted">The converted model; not changed.</param>
    /// <exception cref="UsageException">It is no converted model.</exception>
    /// <exception cref="OnnxModelException">One of its nodes is damaged.</exception>
    public static OnnxModel Restore(OnnxModel converted)
    {
        OnnxModel model = converted.Clone();
        GraphIndex index = new(model.Proto);
        IReadOnlyDictionary<string, ConversionMetadata.Entry> metadata = ConversionMetadata.Read(model.Proto);
        NameAllocator names = new(model.Proto);
        Dictionary<string, (string Name, DataType Type)> dense = [];
        HashSet<string> parts = [];
        foreach (GraphScope scope in index.Scopes)
        {
            NodeProto[] before = [.. scope.Nodes];
            if (!before.Any(DynNodes.Is))
            {
                continue;
            }

            scope.Nodes.Clear();
            foreach (NodeProto node in before)
            {
                if (!DynNodes.Is(node))
                {
                    scope.Nodes.Add(node);
                    continue;
                }

                DynNodes.RequireOperands(node);
                parts.UnionWith(DynNodes.Parts(node));
                DataType stored = TypeOf(
                    metadata.GetValueOrDefault(ConversionMetadata.KeyOf(DynNodes.FirstPart(node)))?.ElementType);
                if (TensorOperator.Is(node))
                {
                    foreach (TensorProto tensor in TensorRestorer.Dense(
                        DynNodes.Read(model, scope, node), node, stored))
                    {
                        AddDense(scope, tensor);
                    }

                    continue;
                }

                string key = DynNodes.Key(node);
                if (!dense.TryGetValue(key, out (string Name, DataType Type) weight))
                {
                    weight = (names.Unique(DynNodes.WeightName(node)), stored);
                    dense[key] = weight;
                    TensorProto decoded = Dense(DynNodes.Read(model, scope, node), weight.Name, stored);
                    AddDense(Home(scope, node), decoded);
                }

                RestoreContext context = new(scope, node, weight.Name, weight.Type, names);
                IReadOnlyList<NodeProto> restored = ConvertibleOperators.Restore(context);
                NodeRemarks.Copy(node, restored[0]);
                foreach (NodeProto one in restored)
                {
                    scope.Nodes.Add(one);
                }
            }
        }

        if (parts.Count == 0)
        {
            throw new UsageException(Messages.NotConverted(converted.Path ?? "the model"));
        }

        UnusedRemover.Remove(model.Proto, parts);
        ListInputs(model.Proto);
        RemoveTraces(model.Proto);
        ModelValidator.Check(model);
        return model;
    }

    private static TensorProto Dense(DynWeight weight, string name, DataType type) =>
        TensorWriter.Real(name, type, [weight.Rows, weight.Columns], WeightDecoder.Dense(weight));

    private static GraphScope Home(GraphScope scope, NodeProto node)
    {
        string part = DynNodes.Parts(node).First(name => name.Length > 0);
        return scope.Find(part)?.Scope ?? scope;
    }

    private static void AddDense(GraphScope home, TensorProto tensor)
    {
        if (home.Graph is { } graph)
        {
            graph.Initializer.Add(tensor);
        }
        else
        {
            home.Nodes.Insert(0, NodeFactory.Constant(tensor));
        }
    }

    /// <summary>
    /// Weights that a caller could replace are inputs again. One that is restored in another shape than it had has its
    /// new one there too.
    /// </summary>
    private static void ListInputs(ModelProto model)
    {
        List<OptionalInput> inputs = [];
        foreach (OptionalInput input in ConversionMetadata.ReadInputs(model))
        {
            TensorProto? weight = model.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == input.Name);
            if (weight is null
                || input.Value.Type?.TensorType is not { } type
                || model.Graph.Input.Any(known => known.Name == input.Name))
            {
                continue;
            }

            type.ElemType = weight.DataType;
            if (!Fits(type.Shape, weight))
            {
                type.Shape = new TensorShapeProto();
                type.Shape.Dim.Add(
                    weight.Dims.Select(dim => new TensorShapeProto.Types.Dimension { DimValue = dim }));
            }

            inputs.Add(input);
        }

        InitializerInputs.GiveBack(model.Graph, inputs);
    }

    private static bool Fits(TensorShapeProto? declared, TensorProto tensor) => declared is null
        || (declared.Dim.Count == tensor.Dims.Count
            && declared.Dim.Zip(tensor.Dims, (dim, value) => !dim.HasDimValue || dim.DimValue == value)
                .All(fits => fits));

    private static void RemoveTraces(ModelProto model)
    {
        foreach (FunctionProto function in model.Functions.Where(function => function.Domain == DynOperator.Domain)
            .ToArray())
        {
            model.Functions.Remove(function);
        }

        foreach (Google.Protobuf.Collections.RepeatedField<OperatorSetIdProto> imports in model.Functions.Select(
            function => function.OpsetImport).Append(model.OpsetImport))
        {
            foreach (OperatorSetIdProto import in imports.Where(import => import.Domain == DynOperator.Domain)
                .ToArray())
            {
                imports.Remove(import);
            }
        }

        ConversionMetadata.Remove(model);
    }

    private static DataType TypeOf(string? dtype) => dtype switch
    {
        "float16" => DataType.Float16,
        "bfloat16" => DataType.Bfloat16,
        "float64" or "double" => DataType.Double,
        _ => DataType.Float,
    };
}

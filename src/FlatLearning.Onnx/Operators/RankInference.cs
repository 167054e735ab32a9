using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators;

/// <summary>
/// The rank of a value, from what the file declares or by following the operators that ranks usually come through. Only
/// asked for where a constant is the left operand of a product; a rank that is not found makes the weight skipped,
/// never wrong.
/// </summary>
internal sealed class RankInference(ModelConstants constants)
{
    /// <summary>A rank that is not known.</summary>
    public const int Unknown = -1;

    private const int MaximalDepth = 200;

    private static readonly HashSet<string> KeepRank =
    [
        "Identity", "Cast", "Transpose", "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Erf", "Exp", "Log", "Sqrt", "Neg",
        "Abs", "Softmax", "LogSoftmax",
        "Gelu", "Elu", "Selu", "Clip", "HardSigmoid", "HardSwish", "Softplus", "Dropout", "LayerNormalization",
        "BatchNormalization", "InstanceNormalization", "GroupNormalization", "Conv", "ConvTranspose", "MaxPool",
        "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Pad", "Slice", "Concat",
        "Reciprocal", "Floor", "Ceil", "Round", "Split", "CumSum", "Resize", "Tile", "PRelu",
    ];

    private static readonly HashSet<string> Broadcast = [
        "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Where"];

    /// <summary>The rank, or -1 where it is not known.</summary>
    public int Of(GraphScope scope, string name) => Of(scope, name, 0);

    private int Of(GraphScope scope, string name, int depth)
    {
        if (depth > MaximalDepth || scope.Find(name) is not { } value)
        {
            return Unknown;
        }

        if (ModelConstants.Stored(value) is { } stored)
        {
            return stored.Dims.Length;
        }

        ValueInfoProto? declared = value.Scope.Graph is { } graph
            ? graph.Input.Concat(graph.ValueInfo)
                .Concat(graph.Output)
                .FirstOrDefault(info => info.Name == name && info.Type?.TensorType?.Shape is not null)
            : null;
        if (declared is not null)
        {
            return declared.Type.TensorType.Shape.Dim.Count;
        }

        return value.Producer is { } node && NodeNames.Domain(node.Domain).Length == 0
            ? Through(value.Scope, node, depth + 1)
            : Unknown;
    }

    private int Through(GraphScope scope, NodeProto node, int depth)
    {
        if (ConvertibleOperators.Of(node) is { } known)
        {
            return known.RankOf(node, input => Of(scope, input, depth));
        }

        if (KeepRank.Contains(node.OpType))
        {
            return Of(scope, node.Input[0], depth);
        }

        if (Broadcast.Contains(node.OpType))
        {
            int[] ranks = [.. node.Input.Select(input => Of(scope, input, depth))];
            return ranks.Contains(Unknown) ? Unknown : ranks.Max();
        }

        return node.OpType switch
        {
            "Flatten" => 2,
            "Reshape" when node.Input.Count > 1
                && constants.InfoOf(scope, node.Input[1]) is { Dims.Length: 1 } shape => (int)shape.Dims[0],
            "Unsqueeze" => Shifted(scope, node, depth, 1),
            "Squeeze" when node.Ints("axes") is not null || node.Input.Count > 1 => Shifted(scope, node, depth, -1),
            _ => Unknown,
        };
    }

    private int Shifted(GraphScope scope, NodeProto node, int depth, int sign)
    {
        int rank = Of(scope, node.Input[0], depth);
        long axes = node.Ints("axes")?.Length ?? (constants.InfoOf(scope, node.Input[1]) is { } info ? info.Count : 0);
        return rank == Unknown || axes == 0 ? Unknown : rank + (sign * (int)axes);
    }
}

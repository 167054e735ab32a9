using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>Looks up constants behind operators that keep their shape, or at least their set of values.</summary>
internal sealed class ConstantFinder(TensorReader reader)
{
    private const int LongestChain = 16;

    private static readonly HashSet<string> KeepShape =
        new(StringComparer.Ordinal) { "Identity", "Cast", "DequantizeLinear" };

    private static readonly HashSet<string> KeepValues = new(StringComparer.Ordinal)
    {
        "Identity", "Cast", "Reshape", "Unsqueeze", "Squeeze", "Flatten", "Expand", "Tile", "Transpose",
    };

    /// <summary>The constant that gives a value its shape, or null where there is none.</summary>
    public TensorProto? WithShape(GraphScope scope, string name) => Follow(scope, name, KeepShape);

    /// <summary>
    /// The whole numbers that a constant value holds, in whatever arrangement; null where it is no constant of such a
    /// type.
    /// </summary>
    public long[]? Integers(GraphScope scope, string name)
    {
        TensorProto? tensor = Follow(scope, name, KeepValues);
        return tensor is not null && ElementTypes.IsInteger((DataType)tensor.DataType)
            ? reader.ReadInt64s(tensor)
            : null;
    }

    private static TensorProto? Follow(GraphScope scope, string name, HashSet<string> through)
    {
        GraphValue? value = scope.Find(name);
        for (int i = 0; i < LongestChain && value is not null; i++)
        {
            if (value.Initializer is not null)
            {
                return value.Initializer;
            }

            if (value.Producer is { OpType: "Constant" } constant)
            {
                return FromAttributes(constant);
            }

            value = value.Producer is { } node && through.Contains(node.OpType) && node.Input.Count > 0
                ? value.Scope.Find(node.Input[0])
                : null;
        }

        return null;
    }

    private static TensorProto? FromAttributes(NodeProto constant) =>
        constant.Attribute("value")?.T
        ?? (constant.Attribute("value_int") is { } number ? TensorWriter.Int64(string.Empty, [], [number.I]) : null)
        ?? (constant.Ints("value_ints") is { } numbers
            ? TensorWriter.Int64(string.Empty, [numbers.Length], numbers)
            : null);
}

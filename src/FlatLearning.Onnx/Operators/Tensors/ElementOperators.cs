using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>
/// Operators that take elements one by one: positions, grids of boxes, tables of angles and masks. Errors of single
/// elements then reach the outputs, where those of a weight's average out, so that such constants get 8 bits.
/// </summary>
internal static class ElementOperators
{
    // A weight is cut and put together again in a handful of steps.
    private const int MaxSteps = 8;

    private static readonly HashSet<string> Elementwise =
    [
        "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Mean", "Where", "Equal", "Less", "LessOrEqual",
        "Greater", "GreaterOrEqual", "Clip", "PRelu", "Mod", "Neg", "Abs", "Sqrt", "Exp", "Log", "Sin", "Cos",
    ];

    private static readonly HashSet<string> Moving =
    [
        "Slice", "Concat", "Split", "Expand", "Tile", "Pad", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten",
        "Identity", "Cast",
    ];

    /// <summary>Whether such an operator takes the value that a node reads, moved and cut or as it is.</summary>
    public static bool Take(GraphScope scope, NodeProto node) => Take(scope, node, 0);

    private static bool Take(GraphScope scope, NodeProto node, int steps)
    {
        if (NodeNames.Domain(node.Domain).Length > 0 || steps > MaxSteps)
        {
            return false;
        }

        return Elementwise.Contains(node.OpType)
            || (Moving.Contains(node.OpType)
                && node.Output.Select(scope.Find)
                    .OfType<GraphValue>()
                    .SelectMany(value => value.Uses)
                    .Any(use => Take(use.Scope, use.Node, steps + 1)));
    }
}

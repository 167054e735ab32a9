using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>
/// Operators that take elements one by one: positions, grids of boxes, tables of angles and masks. Errors of single
/// elements then reach the outputs, where those of a weight's average out, so that such constants get 8 bits.
/// </summary>
internal static class ElementOperators
{
    private static readonly HashSet<string> OpTypes =
    [
        "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Mean", "Where", "Concat", "Slice", "Expand", "Tile",
        "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Pad", "ScatterND", "ScatterElements", "Clip",
        "PRelu", "Mod", "Neg", "Abs", "Sqrt", "Exp", "Log", "Sin", "Cos", "Split",
    ];

    /// <summary>Whether a node is of such an operator.</summary>
    public static bool Take(NodeProto node) =>
        NodeNames.Domain(node.Domain).Length == 0 && OpTypes.Contains(node.OpType);
}

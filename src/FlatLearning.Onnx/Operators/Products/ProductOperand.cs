using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>What every product asks of a constant operand.</summary>
internal static class ProductOperand
{
    /// <summary>Type and shape of the constant as it reaches the product; null with a reason.</summary>
    public static TensorInfo? Of(ConstantUse use, OperatorContext context, out string? reason)
    {
        string node = NodeNames.Of(use.Node);
        TensorInfo? value = null;
        reason = null;
        if (context.Constants.IsConstant(use.Scope, ProductUse.OtherOf(use.Place)))
        {
            reason = $"both operands of {node} are constant";
        }
        else if ((value = context.Constants.InfoOf(use.Scope, use.ValueName)) is null)
        {
            reason = $"its value cannot be computed before the model runs ({node})";
        }
        else if (value.Type is not (DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double))
        {
            reason = $"{node} multiplies {ElementTypes.NameOf(value.Type)}, expected a floating-point type";
        }

        return reason is null ? value : null;
    }
}

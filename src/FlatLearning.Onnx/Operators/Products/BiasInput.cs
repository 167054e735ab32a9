using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>The bias input of a DynMatMul node.</summary>
internal static class BiasInput
{
    /// <summary>Its name, empty where there is none; a new bias is added to the constants.</summary>
    public static string Of(ProductUse use, RewriteContext context)
    {
        switch (use.Bias.Kind)
        {
            case ProductBiasKind.Existing:
                return use.BiasName;
            case ProductBiasKind.New:
                TensorProto bias = use.Bias.Tensor!.Clone();
                bias.Name = context.Names.Unique($"{use.BiasName}_flat_bias");
                context.AddConstant(bias);
                return bias.Name;
            default:
                return string.Empty;
        }
    }
}

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>What becomes of what is added to a product: Gemm's C, or the other operand of an Add.</summary>
internal enum ProductBiasKind
{
    /// <summary>There is none, or beta is 0.</summary>
    None,

    /// <summary>A constant [N] with beta 1: the same tensor serves as bias.</summary>
    Existing,

    /// <summary>A constant that is the same for every row, with beta applied and expanded to [N].</summary>
    New,

    /// <summary>Anything else: added behind the product.</summary>
    Added,
}

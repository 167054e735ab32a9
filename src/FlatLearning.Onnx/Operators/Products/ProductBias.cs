using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>What is added to a product and how it is kept.</summary>
/// <param name="Kind">The treatment.</param>
/// <param name="Tensor">The new bias, for <see cref="ProductBiasKind.New"/>.</param>
/// <param name="Factor">beta as a scalar of C's type, for <see cref="ProductBiasKind.Added"/> where beta is not
/// 1.</param>
internal sealed record ProductBias(ProductBiasKind Kind, TensorProto? Tensor = null, TensorProto? Factor = null)
{
    /// <summary>No bias.</summary>
    public static ProductBias None { get; } = new(ProductBiasKind.None);
}

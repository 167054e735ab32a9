using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>What becomes of Gemm's C.</summary>
internal enum GemmBiasKind
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

/// <summary>Gemm's C and how it is kept.</summary>
/// <param name="Kind">The treatment.</param>
/// <param name="Tensor">The new bias, for <see cref="GemmBiasKind.New"/>.</param>
/// <param name="Factor">beta as a scalar of C's type, for <see cref="GemmBiasKind.Added"/> where beta is not 1.</param>
internal sealed record GemmBias(GemmBiasKind Kind, TensorProto? Tensor = null, TensorProto? Factor = null)
{
    /// <summary>No bias.</summary>
    public static GemmBias None { get; } = new(GemmBiasKind.None);
}

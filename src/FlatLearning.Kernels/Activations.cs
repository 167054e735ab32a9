namespace FlatLearning.Kernels;

/// <summary>
/// In what numbers a few rows of x are multiplied: the session config entry <c>flat.activations</c>.
/// </summary>
internal enum Activations
{
    /// <summary>float32, the default.</summary>
    Float32,

    /// <summary>
    /// Whole numbers with a scale per row and 32 inputs, where a kernel for that exists; see
    /// <see cref="FixedPoint.FixedWeight"/>.
    /// </summary>
    Int8,
}

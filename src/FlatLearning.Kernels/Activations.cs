using FlatLearning.Kernels.Int8;

namespace FlatLearning.Kernels;

/// <summary>
/// In what numbers a few rows of x are multiplied: the session config entry <see cref="ActivationsSetting.Key"/>.
/// </summary>
internal enum Activations
{
    /// <summary>float32, the default.</summary>
    Float32,

    /// <summary>
    /// Whole numbers with a scale per row and 32 inputs, where a kernel for that exists; see
    /// <see cref="Avx512Int16Codes"/>.
    /// </summary>
    Int8,
}

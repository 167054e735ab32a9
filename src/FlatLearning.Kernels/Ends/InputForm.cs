namespace FlatLearning.Kernels.Ends;

/// <summary>
/// What a kernel reads: rows of x in its own order, in float32 (for x in float64, in float64), and ...
/// </summary>
internal enum InputForm
{
    /// <summary>nothing else.</summary>
    Plain,

    /// <summary>multiplied by rho.</summary>
    Scaled,

    /// <summary>multiplied by rho, each followed by a zero for every tap that a codebook may have.</summary>
    ScaledAndPadded,
}

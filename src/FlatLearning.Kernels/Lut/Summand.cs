namespace FlatLearning.Kernels.Lut;

/// <summary>What decoded codes are added to.</summary>
internal enum Summand
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>What stands where they go.</summary>
    Target,
}

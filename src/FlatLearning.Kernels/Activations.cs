namespace FlatLearning.Kernels;

/// <summary>In what numbers a few rows of x are multiplied.</summary>
public enum Activations
{
    /// <summary>float32.</summary>
    Exact,

    /// <summary>
    /// Tables in whole numbers that add less than 2e-4 to an output (relative L2), where a kernel for that exists.
    /// </summary>
    Fixed,

    /// <summary>
    /// The fastest whole numbers, with a scale per row and 32 inputs, where a kernel for that exists.
    /// </summary>
    Int8,
}

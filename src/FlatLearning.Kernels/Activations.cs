namespace FlatLearning.Kernels;

/// <summary>In what numbers a few rows of x are multiplied.</summary>
public enum Activations
{
    /// <summary>float32, the default.</summary>
    Float32,

    /// <summary>Whole numbers with a scale per row and 32 inputs, where a kernel for that exists.</summary>
    Int8,
}

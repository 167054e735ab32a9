namespace FlatLearning.Kernels;

/// <summary>What a caller may choose of a product.</summary>
public sealed record MatMulSettings
{
    /// <summary>The element type of x and y.</summary>
    public ElementType Type { get; init; }

    /// <summary>In what numbers a few rows of x are multiplied.</summary>
    public Activations Activations { get; init; }

    /// <summary>
    /// Up to how many elements a weight is also kept decoded: 0 for the least memory, null for what is usual.
    /// </summary>
    public long? MaxCachedElements { get; init; }

    /// <summary>
    /// The name of the one kernel that multiplies all numbers of rows, whether it is the best or not; null lets the
    /// catalogue choose. For tests and benchmarks.
    /// </summary>
    public string? Kernel { get; init; }
}

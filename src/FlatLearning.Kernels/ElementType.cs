namespace FlatLearning.Kernels;

/// <summary>The element type of x and y.</summary>
public enum ElementType
{
    /// <summary>IEEE single precision; sums are formed in it.</summary>
    Float32,

    /// <summary>IEEE half precision; sums are formed in float32 and rounded once.</summary>
    Float16,

    /// <summary>The upper half of a float32; sums are formed in float32 and rounded once.</summary>
    BFloat16,

    /// <summary>IEEE double precision; W is decoded in float32, everything after that is float64.</summary>
    Float64,
}

namespace FlatLearning.Kernels;

/// <summary>In what precision the sums of a product are formed.</summary>
internal enum Precision
{
    /// <summary>float32.</summary>
    Single,

    /// <summary>float64, for x in float64.</summary>
    Double,
}

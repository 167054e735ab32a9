namespace FlatLearning.Dyn;

/// <summary>How a parameter tensor (scale, codebook, range, metric parameter) is stored.</summary>
public enum ParameterType
{
    /// <summary>IEEE 754 binary16, 2 bytes.</summary>
    Float16,

    /// <summary>IEEE 754 binary32, 4 bytes.</summary>
    Float32,
}

namespace FlatLearning.Dyn;

/// <summary>How a parameter tensor (scale, codebook, range, metric parameter) is stored.</summary>
public enum ParameterType
{
    /// <summary>IEEE 754 binary16, 2 bytes.</summary>
    Float16,

    /// <summary>IEEE 754 binary32, 4 bytes.</summary>
    Float32,

    /// <summary>Sixteenths of an octave, 1 byte c: 2^((c - 128) / 16), and 0 for c = 0. Scales only.</summary>
    Log8,
}

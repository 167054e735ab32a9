namespace FlatLearning.Fitting.Peers;

/// <summary>llama.cpp's types with super-blocks of 256 weights, at their bits per weight.</summary>
public enum KQuantType
{
    /// <summary>2.625 bits: sub-blocks of 16 with 4-bit scales and minima.</summary>
    Q2K,

    /// <summary>3.4375 bits: sub-blocks of 16 with signed 6-bit scales.</summary>
    Q3K,

    /// <summary>4.5 bits: sub-blocks of 32 with 6-bit scales and minima.</summary>
    Q4K,

    /// <summary>5.5 bits: sub-blocks of 32 with 6-bit scales and minima.</summary>
    Q5K,

    /// <summary>6.5625 bits: sub-blocks of 16 with signed 8-bit scales.</summary>
    Q6K,
}

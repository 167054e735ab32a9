namespace FlatLearning.Kernels.MixedBits;

/// <summary>Some neighbouring rows of a band and the inputs that their tables are made of.</summary>
internal unsafe struct Avx512MixedRun
{
    /// <summary>The first row's codes.</summary>
    public byte* Codes;

    /// <summary>The input of the first row, multiplied by rho; those of the later taps follow.</summary>
    public float* X;

    /// <summary>Tables: rows, or pairs of rows where two share a table.</summary>
    public int Count;
}

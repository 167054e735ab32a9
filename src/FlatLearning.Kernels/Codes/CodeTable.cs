using FlatLearning.Dyn;

namespace FlatLearning.Kernels.Codes;

/// <summary>
/// A sum of tables as the kernels want it: each of 16 floats or more, shorter ones repeated, so that bits above an
/// index do not matter.
/// </summary>
internal sealed class CodeTable
{
    /// <summary>Floats of the shortest table.</summary>
    public const int Shortest = 16;

    /// <summary>Copies a codebook that is no window table.</summary>
    public CodeTable(Codebook codebook)
    {
        (Bits, Taps) = (codebook.Bits, codebook.Taps);
        Stride = Math.Max(codebook.Levels, Shortest);
        Values = new float[Taps * Stride];
        for (int i = 0; i < Values.Length; i++)
        {
            Values[i] = codebook.Table.Values[(i / Stride * codebook.Levels) + (i % Stride % codebook.Levels)];
        }
    }

    /// <summary>b.</summary>
    public int Bits { get; }

    /// <summary>T.</summary>
    public int Taps { get; }

    /// <summary>Floats from tap to tap.</summary>
    public int Stride { get; }

    /// <summary>[taps, stride].</summary>
    public float[] Values { get; }
}

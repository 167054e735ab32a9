using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// What the look-up product needs of a weight: codes of 2 or 4 bits through a sum of tables and no metric. With x
/// already multiplied by rho, all taps of input k fold into one table t_k[z] = sum over t of x[k+t] · codebook[t][z],
/// and y_n / gamma_n is the sum over k of t_k[z_kn]: no multiplication per weight, and taps that cost nothing per
/// column.
/// </summary>
internal sealed class BlockLutTables
{
    /// <summary>
    /// Entries of a table in a register; tables of 2-bit codes are repeated, so that the bits above an index do not
    /// matter.
    /// </summary>
    public const int Entries = 16;

    /// <summary>Zeros behind a row of x, for the taps of the last inputs.</summary>
    public const int Padding = Dyn.Codebook.MaxTaps;

    /// <summary>
    /// The most rows that are multiplied this way: each costs a pass over the codes, while others decode once for
    /// several rows. In 512-bit registers the fused product of two rows takes 29 us where two passes take 46, 1,024 x
    /// 1,024 weights in cache, one core. In 256-bit registers, which have no fused product, panels took the same time
    /// for 5 rows of 2 bits, and for 2, 4 and 6 rows of 4 bits with one, two and more taps.
    /// </summary>
    public int MaxRows => Avx512F.IsSupported ? 1 : Positions == 4 ? 5 : Math.Min(2 * Taps, 6);

    private BlockLutTables(DynWeight weight)
    {
        Dyn.Codebook codebook = weight.Codebook!;
        Packed = weight.Codes!;
        Positions = 8 / codebook.Bits;
        Taps = codebook.Taps;
        Codebook = new float[Taps * Entries];
        for (int i = 0; i < Codebook.Length; i++)
        {
            Codebook[i] = codebook.Table.Values[(i / Entries * codebook.Levels) + (i % Entries % codebook.Levels)];
        }
    }

    /// <summary>The codes, in place.</summary>
    public Dyn.Layout.PackedCodes Packed { get; }

    /// <summary>Codes per byte.</summary>
    public int Positions { get; }

    /// <summary>Taps.</summary>
    public int Taps { get; }

    /// <summary>[taps, 16].</summary>
    public float[] Codebook { get; }

    /// <summary>The tables, or null where the weight or the processor does not suit.</summary>
    public static BlockLutTables? TryCreate(DynWeight weight) =>
        Avx2.IsSupported && weight.Metric is null && weight.Codebook is { IsWindow: false, Bits: 2 or 4 }
            ? new BlockLutTables(weight)
            : null;
}

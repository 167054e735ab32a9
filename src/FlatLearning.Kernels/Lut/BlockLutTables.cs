using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// Codes of 2 or 4 bits, of which one block of bytes at a time is looked up: for groups that are too narrow for other
/// look-ups, and for 2 bits in 256-bit registers.
/// </summary>
internal sealed class BlockLutTables
{
    /// <summary>Entries of a table in a register, or in two; shorter ones are repeated.</summary>
    public const int Entries = CodeTable.Shortest;

    /// <summary>Takes codes that suit.</summary>
    public BlockLutTables(UniformCodes codes)
    {
        CodeTable table = new(codes.Codebook);
        (Packed, Positions, Taps, Codebook) = (codes.Codes, 8 / table.Bits, table.Taps, table.Values);
    }

    /// <summary>The codes, in place.</summary>
    public PackedCodes Packed { get; }

    /// <summary>Codes per byte.</summary>
    public int Positions { get; }

    /// <summary>Taps.</summary>
    public int Taps { get; }

    /// <summary>[taps, 16].</summary>
    public float[] Codebook { get; }

    /// <summary>Whether a weight's codes suit.</summary>
    public static bool Suits(UniformCodes codes) => codes.Codebook is { IsWindow: false, Bits: 2 or 4 };
}

namespace FlatLearning.Fitting.Blocks;

/// <summary>
/// How a weight is stored in blocks along K: every column is cut into runs of <see cref="Size"/> rows, each with a
/// scale s and codes c of b bits that stand for s · (c - z). What ONNX Runtime's MatMulNBits, GatherBlockQuantized and
/// DequantizeLinear read.
/// </summary>
/// <param name="Bits">b: 2, 4 or 8.</param>
/// <param name="Size">Rows of a block; a power of two from 16 for MatMulNBits and
/// GatherBlockQuantized.</param>
/// <param name="HasZeroPoints">Whether z is stored for every block; else it is the middle code.</param>
public sealed record BlockFormat(int Bits, int Size, bool HasZeroPoints)
{
    /// <summary>The fewest rows of a block.</summary>
    public const int MinSize = 16;

    /// <summary>Codes that there are.</summary>
    public int Levels => 1 << Bits;

    /// <summary>The code that stands for 0 where no zero points are stored.</summary>
    public int Middle => Levels / 2;

    /// <summary>Blocks along K.</summary>
    /// <param name="rows">K, 1 or more.</param>
    public int BlocksOf(int rows) => ((rows - 1) / Size) + 1;

    /// <summary>As tables and summaries say it.</summary>
    public override string ToString() =>
        $"{Bits} bits, blocks of {Size}{(HasZeroPoints ? ", zero points" : string.Empty)}";
}

namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// The trellis of entropy-coded levels: in state t a level has the parity of t, and takes the column to the next state.
/// Ungerboeck's one-dimensional codes (IEEE Trans. Inf. Theory 28, 1982, table I): the subsets are the levels modulo 4.
/// </summary>
public static class LevelTrellis
{
    /// <summary>The smallest memory: 4 states.</summary>
    public const int MinMemory = 2;

    /// <summary>The largest memory: 256 states.</summary>
    public const int MaxMemory = 8;

    private static readonly int[] EvenChecks = [
        0, 0, 0x5 >> 1, 0xb >> 1, 0x13 >> 1, 0x25 >> 1, 0x43 >> 1, 0x9d >> 1, 0x14d >> 1];
    private static readonly int[] OddChecks = [
        0, 0, 0x2 >> 1, 0x4 >> 1, 0x4 >> 1, 0x8 >> 1, 0x14 >> 1, 0x56 >> 1, 0xf2 >> 1];

    /// <summary>What the state is changed by when it is odd (bit by bit, after moving it to the right).</summary>
    public static int OfParity(int memory) => EvenChecks[memory];

    /// <summary>What the state is changed by when the level has its second bit set.</summary>
    public static int OfSecondBit(int memory) => OddChecks[memory];

    /// <summary>The state after a level.</summary>
    public static int Next(int memory, int state, int level) =>
        (state >> 1) ^ ((state & 1) != 0 ? EvenChecks[memory] : 0) ^ ((level & 2) != 0 ? OddChecks[memory] : 0);
}

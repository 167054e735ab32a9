namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// Adaptive probabilities of six-bit symbols as binary decisions, most significant bit first; shared by
/// <see cref="SideWriter"/> and <see cref="SideReader"/>.
/// </summary>
internal sealed class SideCoder
{
    /// <summary>Bits of a symbol.</summary>
    public const int SymbolBits = 6;

    /// <summary>The coder's probabilities are in 2^-16.</summary>
    public const int ProbabilityBits = 16;

    private const int SlowestRate = 30;
    private readonly int[] _ones = new int[1 << SymbolBits];
    private readonly int[] _counts = new int[1 << SymbolBits];

    public SideCoder() => Array.Fill(_ones, 1 << (ProbabilityBits - 1));

    /// <summary>The probability of a one at a node of the tree, 32 to 2^16 - 32.</summary>
    public int One(int node) => Math.Clamp(_ones[node], 32, (1 << ProbabilityBits) - 32);

    /// <summary>Learns a decision.</summary>
    public void Update(int node, int bit)
    {
        int target = bit << ProbabilityBits;
        _ones[node] += (target - _ones[node]) / (_counts[node] + 2);
        _counts[node] = Math.Min(SlowestRate, _counts[node] + 1);
    }
}

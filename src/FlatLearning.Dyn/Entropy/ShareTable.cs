namespace FlatLearning.Dyn.Entropy;

/// <summary>The shares of every class of one shape, for encoders.</summary>
public sealed class ShareTable
{
    private readonly int[] _shares = new int[EntropyModel.Classes * 2 * EntropyModel.Places];
    private readonly int[] _starts = new int[EntropyModel.Classes * 2 * EntropyModel.Places];

    /// <summary>Makes the tables of a shape.</summary>
    public ShareTable(int shape)
    {
        for (int index = 0; index < EntropyModel.Classes; index++)
        {
            for (int parity = 0; parity < 2; parity++)
            {
                int offset = Offset(index, parity);
                EntropyModel.Shares(shape, index, parity, _shares.AsSpan(offset, EntropyModel.Places));
                for (int place = 1; place < EntropyModel.Places; place++)
                {
                    _starts[offset + place] = _starts[offset + place - 1] + _shares[offset + place - 1];
                }
            }
        }
    }

    /// <summary>The share of a level or difference; 0 where it is escaped.</summary>
    public int Share(int index, int parity, int level) =>
        Math.Abs(level) <= EntropyModel.MaxLevel ? _shares[Offset(index, parity) + level + 128] : 0;

    /// <summary>Bits of a level, escape included.</summary>
    public double Bits(int index, int parity, int level)
    {
        int share = Share(index, parity, level);
        return share > 0
            ? EntropyModel.PrecisionBits - Math.Log2(share)
            : EntropyModel.PrecisionBits - Math.Log2(ShareAt(index, parity, EntropyModel.Escape))
                + EntropyModel.EscapeBits;
    }

    internal int ShareAt(int index, int parity, int place) => _shares[Offset(index, parity) + place];

    internal int StartAt(int index, int parity, int place) => _starts[Offset(index, parity) + place];

    private static int Offset(int index, int parity) => ((index * 2) + parity) * EntropyModel.Places;
}

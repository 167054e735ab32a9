namespace FlatLearning.Fitting.Codes;

/// <summary>
/// A codebook of additive taps while it is being fitted: one table of 2^bits numbers per tap, row-major [taps, 2^bits].
/// </summary>
internal sealed class AdditiveTables
{
    public AdditiveTables(int bits, int taps, ReadOnlySpan<float> values)
    {
        if (values.Length != taps << bits)
        {
            throw new ArgumentException(
                $"{values.Length} values do not fill {taps} tables of {1 << bits}.", nameof(values));
        }

        (Bits, Taps, Values) = (bits, taps, values.ToArray());
    }

    public int Bits { get; }

    public int Taps { get; }

    public int Levels => 1 << Bits;

    public float[] Values { get; }

    public float this[int tap, int code] => Values[(tap * Levels) + code];

    /// <summary>
    /// code[row] of one column from its codes z[0..row]: the sum over the taps that exist (the first rows have fewer).
    /// <paramref name="stride"/> is the distance between two rows in <paramref name="codes"/>.
    /// </summary>
    public double Sum(ReadOnlySpan<byte> codes, int row, int column, int stride)
    {
        double sum = 0;
        for (int t = 0; t < Taps && t <= row; t++)
        {
            sum += Values[(t * Levels) + codes[((row - t) * stride) + column]];
        }

        return sum;
    }
}

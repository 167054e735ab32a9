namespace FlatLearning.Fitting.Peers;

/// <summary>
/// NF4 (QLoRA, 2023): blocks of 64 values along K, each divided by its largest magnitude and rounded to the nearest of
/// 16 normal-float levels. Stored are 4-bit codes and a float32 magnitude per block: 4.5 bits per weight. With double
/// quantisation the magnitudes less their mean are stored in 8 bits, with a float32 scale per 256 of them: 4.127. The 8
/// bits are integers here, where the publication has floats of as many.
/// </summary>
/// <param name="doubleQuantisation">Whether the magnitudes are quantised.</param>
internal sealed class NormalFloatFormat(bool doubleQuantisation) : IPeerFormat
{
    /// <summary>Rows of a block.</summary>
    public const int BlockSize = 64;

    private const int Bits = 4;
    private const int MagnitudesPerScale = 256;
    private const int LargestCode = 127;
    private static readonly double[] Levels = NormalFloatLevels.Of(Bits);

    /// <inheritdoc/>
    public string Family => doubleQuantisation ? "NF4, double quantised" : "NF4";

    /// <inheritdoc/>
    public string Name => Family;

    /// <inheritdoc/>
    public long PlannedBytes(int rows, int columns) =>
        StoredBits.Bytes((long)rows * columns, Bits) + MagnitudeBytes(new ColumnBlocks(rows, columns, BlockSize).Count);

    /// <inheritdoc/>
    public PeerResult RoundTrip(PeerMatrix matrix, CancellationToken cancellation = default)
    {
        ColumnBlocks blocks = new(matrix.Rows, matrix.Columns, BlockSize);
        ReadOnlySpan<float> w = matrix.Values.Span;
        float[] buffer = new float[blocks.Height];
        float[] magnitudes = new float[blocks.Count];
        for (int i = 0; i < magnitudes.Length; i++)
        {
            foreach (float value in blocks.Gather(w, i, buffer))
            {
                magnitudes[i] = Math.Max(magnitudes[i], Math.Abs(value));
            }
        }

        if (doubleQuantisation)
        {
            Quantise(magnitudes);
        }

        float[] result = new float[w.Length];
        for (int i = 0; i < magnitudes.Length; i++)
        {
            double magnitude = magnitudes[i];
            foreach (ref float value in blocks.Gather(w, i, buffer))
            {
                value = (float)(magnitude * Nearest(magnitude != 0 ? value / magnitude : 0));
            }

            blocks.Scatter(buffer, i, result);
        }

        int extra = doubleQuantisation ? ScaleCount(blocks.Count) + 1 : 0;
        return new PeerResult(result, PlannedBytes(matrix.Rows, matrix.Columns), w.Length + blocks.Count + extra, Name);
    }

    private static int ScaleCount(int magnitudes) => ((magnitudes - 1) / MagnitudesPerScale) + 1;

    /// <summary>Replaces the magnitudes by what 8 bits around their mean give back.</summary>
    private static void Quantise(float[] magnitudes)
    {
        float mean = (float)magnitudes.Average(value => (double)value);
        for (int first = 0; first < magnitudes.Length; first += MagnitudesPerScale)
        {
            Span<float> part = magnitudes.AsSpan(first, Math.Min(MagnitudesPerScale, magnitudes.Length - first));
            double largest = 0;
            foreach (float value in part)
            {
                largest = Math.Max(largest, Math.Abs((double)value - mean));
            }

            double scale = (float)(largest / LargestCode);
            foreach (ref float value in part)
            {
                value = (float)(mean
                    + (scale > 0
                        ? scale * Math.Clamp(Math.Round((value - mean) / scale), -LargestCode, LargestCode)
                        : 0));
            }
        }
    }

    private static double Nearest(double value)
    {
        int above = Array.BinarySearch(Levels, value);
        if (above >= 0)
        {
            return Levels[above];
        }

        above = ~above;
        return above == 0 ? Levels[0]
            : above == Levels.Length ? Levels[^1]
            : value - Levels[above - 1] <= Levels[above] - value ? Levels[above - 1] : Levels[above];
    }

    private long MagnitudeBytes(int count) =>
        doubleQuantisation ? count + (sizeof(float) * (ScaleCount(count) + 1L)) : (long)sizeof(float) * count;
}

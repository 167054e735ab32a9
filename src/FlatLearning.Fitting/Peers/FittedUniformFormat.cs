using FlatLearning.Dyn;

namespace FlatLearning.Fitting.Peers;

/// <summary>
/// Plain rounding at its best: 2^b equidistant levels offset + scale · code per column or block, both numbers at 16
/// bits, chosen for the least squared error. Codes and the straight line through them are found in turn, from the whole
/// range and from narrower ones; with 1 bit this is the optimal pair of levels. What min/max rounding lacks at few bits
/// is clipping, so that this is the fair reference there.
/// </summary>
/// <param name="bits">b, 1 to 8.</param>
/// <param name="blockSize">Rows of a block; 0 for whole columns.</param>
internal sealed class FittedUniformFormat(int bits, int blockSize) : IPeerFormat
{
    private const int Rounds = 10;

    /// <summary>Shares of the range from smallest to largest value that are tried as starts.</summary>
    private static readonly double[] Shares = [1, 0.85, 0.7, 0.55, 0.4];

    private readonly int _largest = bits is >= 1 and <= 8
        ? (1 << bits) - 1
        : throw new ArgumentOutOfRangeException(nameof(bits), bits, "expected 1 to 8 bits");

    /// <inheritdoc/>
    public string Family => UniformFormat.BlockText("fitted rounding", blockSize);

    /// <inheritdoc/>
    public string Name => UniformFormat.BlockText($"fitted rounding {StoredBits.Text(bits)}", blockSize);

    /// <inheritdoc/>
    public long PlannedBytes(int rows, int columns) =>
        StoredBits.Bytes((long)rows * columns, bits) + (4L * new ColumnBlocks(rows, columns, blockSize).Count);

    /// <inheritdoc/>
    public PeerResult RoundTrip(PeerMatrix matrix, CancellationToken cancellation = default)
    {
        ColumnBlocks blocks = new(matrix.Rows, matrix.Columns, blockSize);
        ReadOnlySpan<float> w = matrix.Values.Span;
        float[] buffer = new float[blocks.Height];
        float[] offsets = new float[blocks.Count];
        float[] scales = new float[blocks.Count];
        for (int i = 0; i < blocks.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            (offsets[i], scales[i]) = Fit(blocks.Gather(w, i, buffer));
        }

        ParameterTensor storedOffsets = ParameterTensor.Smallest(offsets, offsets.Length);
        ParameterTensor storedScales = ParameterTensor.Smallest(scales, scales.Length);
        float[] result = new float[w.Length];
        for (int i = 0; i < blocks.Count; i++)
        {
            (double offset, double scale) = (storedOffsets.Values[i], storedScales.Values[i]);
            foreach (ref float value in blocks.Gather(w, i, buffer))
            {
                value =
                    (float)Math.Clamp(offset + (scale * Code(value, offset, scale)), float.MinValue, float.MaxValue);
            }

            blocks.Scatter(buffer, i, result);
        }

        long bytes = StoredBits.Bytes(w.Length, bits) + storedOffsets.ByteLength + storedScales.ByteLength;
        return new PeerResult(result, bytes, w.Length + (2L * blocks.Count), Name);
    }

    private (float Offset, float Scale) Fit(ReadOnlySpan<float> values)
    {
        (double low, double high) = (values[0], values[0]);
        foreach (float value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        (double Offset, double Scale, double Error) best = (low, 0, double.PositiveInfinity);
        foreach (double share in Shares)
        {
            double scale = share * (high - low) / _largest;
            double offset = ((low + high) / 2) - (scale * _largest / 2);
            double previous = double.PositiveInfinity;
            for (int round = 0; round <= Rounds; round++)
            {
                (double nextOffset, double nextScale, double error) = Line(values, offset, scale);
                if (error < best.Error)
                {
                    best = (offset, scale, error);
                }

                // Neither the codes nor the line can raise the error, so that standing still is the end.
                if (!(error < previous))
                {
                    break;
                }

                (offset, scale, previous) = (nextOffset, nextScale, error);
            }
        }

        return ((float)best.Offset, (float)Math.Min(best.Scale, float.MaxValue));
    }

    /// <summary>
    /// The squared error of given levels, and the least-squares line through the values over their codes.
    /// </summary>
    private (double Offset, double Scale, double Error) Line(ReadOnlySpan<float> values, double offset, double scale)
    {
        (double error, double q, double qq, double x, double xq) = (0, 0, 0, 0, 0);
        foreach (float value in values)
        {
            double code = Code(value, offset, scale);
            double difference = value - (offset + (scale * code));
            error += difference * difference;
            (q, qq, x, xq) = (q + code, qq + (code * code), x + value, xq + (value * code));
        }

        double determinant = (values.Length * qq) - (q * q);
        double slope = determinant > 0 ? ((values.Length * xq) - (q * x)) / determinant : 0;
        return ((x - (slope * q)) / values.Length, slope, error);
    }

    private double Code(double value, double offset, double scale) =>
        scale > 0 ? Math.Clamp(Math.Round((value - offset) / scale), 0, _largest) : 0;
}

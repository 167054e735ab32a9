using FlatLearning.Dyn;

namespace FlatLearning.Fitting.Peers;

/// <summary>
/// HQQ with groups along K: b-bit codes, a scale and a real zero point of 16 bits per group. Scales are those of
/// min/max rounding; zero points are <see cref="HqqSolver"/>'s where they lower the squared error of their group, else
/// those of min/max rounding, so that it is never worse than its start.
/// </summary>
/// <param name="bits">b, 1 to 8.</param>
/// <param name="groupSize">Rows of a group; published default 64.</param>
/// <param name="options">The solver's numbers; null for the published ones.</param>
internal sealed class HqqFormat(int bits, int groupSize = HqqFormat.DefaultGroupSize, HqqOptions? options = null)
    : IPeerFormat
{
    /// <summary>The published group.</summary>
    public const int DefaultGroupSize = 64;

    private readonly HqqOptions _options = options ?? new HqqOptions();
    private readonly int _largest = bits is >= 1 and <= 8
        ? (1 << bits) - 1
        : throw new ArgumentOutOfRangeException(nameof(bits), bits, "expected 1 to 8 bits");

    /// <inheritdoc/>
    public string Family => $"HQQ, group {groupSize}";

    /// <inheritdoc/>
    public string Name => $"HQQ {StoredBits.Text(bits)}, group {groupSize}";

    /// <inheritdoc/>
    public long PlannedBytes(int rows, int columns) =>
        StoredBits.Bytes((long)rows * columns, bits) + (4L * new ColumnBlocks(rows, columns, groupSize).Count);

    /// <inheritdoc/>
    public PeerResult RoundTrip(PeerMatrix matrix, CancellationToken cancellation = default) =>
        RoundTrip(matrix, optimise: true, cancellation);

    /// <summary>The round trip, with zero points that may stay those of min/max rounding.</summary>
    internal PeerResult RoundTrip(PeerMatrix matrix, bool optimise, CancellationToken cancellation)
    {
        ColumnBlocks blocks = new(matrix.Rows, matrix.Columns, groupSize);
        float[] groups = new float[matrix.Values.Length];
        int[] starts = new int[blocks.Count + 1];
        float[] steps = new float[blocks.Count];
        float[] firstZeros = new float[blocks.Count];
        float[] buffer = new float[blocks.Height];
        for (int g = 0; g < blocks.Count; g++)
        {
            Span<float> values = blocks.Gather(matrix.Values.Span, g, buffer);
            starts[g + 1] = starts[g] + values.Length;
            values.CopyTo(groups.AsSpan(starts[g]));
            (steps[g], firstZeros[g]) = MinMax(values);
        }

        ParameterTensor storedSteps = ParameterTensor.Smallest(steps, steps.Length);
        HqqSolver solver = new(groups, starts, Array.ConvertAll(storedSteps.Values, value => (double)value), _largest);
        ParameterTensor zeros = ParameterTensor.Smallest(firstZeros, firstZeros.Length);
        if (optimise)
        {
            zeros = Optimise(solver, zeros, cancellation);
        }

        float[] result = new float[groups.Length];
        for (int g = 0; g < blocks.Count; g++)
        {
            (double step, double zero) = (storedSteps.Values[g], zeros.Values[g]);
            Span<float> values = groups.AsSpan(starts[g]..starts[g + 1]);
            foreach (ref float value in values)
            {
                value =
                    (float)Math.Clamp((solver.Code(value, step, zero) - zero) * step, float.MinValue, float.MaxValue);
            }

            blocks.Scatter(values, g, result);
        }

        long bytes = StoredBits.Bytes(groups.Length, bits) + storedSteps.ByteLength + zeros.ByteLength;
        return new PeerResult(result, bytes, groups.Length + (2L * blocks.Count), Name);
    }

    private ParameterTensor Optimise(HqqSolver solver, ParameterTensor start, CancellationToken cancellation)
    {
        double[] moved = Array.ConvertAll(start.Values, value => (double)value);
        _ = solver.Minimise(moved, _options, cancellation);

        // Compared as they are stored; zero points beyond 16 bits would need 32 for all of them.
        float[] stored = [.. start.Values];
        for (int g = 0; g < stored.Length; g++)
        {
            float candidate = Representable(moved[g], start.Type);
            if (solver.SquaredError(g, candidate) < solver.SquaredError(g, stored[g]))
            {
                stored[g] = candidate;
            }
        }

        return new ParameterTensor(stored, [stored.Length], start.Type);
    }

    private static float Representable(double value, ParameterType type) =>
        type == ParameterType.Float16 ? (float)(Half)Math.Clamp(value, -65504, 65504) : (float)value;

    /// <summary>
    /// (max - min)/(2^b - 1) and -min over it. Equal values c get the step |c|, so that they are exact.
    /// </summary>
    private (float Step, float Zero) MinMax(ReadOnlySpan<float> values)
    {
        (double low, double high) = (values[0], values[0]);
        foreach (float value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        double step = high > low ? (high - low) / _largest : Math.Abs(low);
        return step > 0 ? ((float)Math.Min(step, float.MaxValue), (float)(-low / step)) : (0, 0);
    }
}

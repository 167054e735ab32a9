using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// Fits the RieM metric as published: no scales, no codes. The matrix is brought to standard deviation 1, all unknowns are fitted jointly
/// from a start at the SVD, then rows are quantised and the rest refitted, then columns, and v and beta last, against stored states.
/// </summary>
internal sealed class RiemFitter : IMetricFitter
{
    /// <summary>Evaluations of a feature per second that <see cref="FitOptions.MetricSeconds"/> is converted with.</summary>
    private const double ReferenceRate = 1.5e9;

    private const long LeastPasses = 40;

    /// <summary>Enough for any weight; small ones would otherwise polish digits for the whole time.</summary>
    private const long MostPasses = 4000;

    private const double FirstShare = 0.7;
    private const double SecondShare = 0.9;

    /// <inheritdoc/>
    public string Name => MetricKinds.Riem;

    /// <inheritdoc/>
    public MetricFit Fit(MetricTarget metricTarget, FitOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        (ReadOnlyMemory<float> w, int rows, int columns) = (metricTarget.Values, metricTarget.Rows, metricTarget.Columns);
        double energy = 0;
        foreach (float value in w.Span)
        {
            energy += (double)value * value;
        }

        RiemShape shape = RiemSizes.Choose(rows, columns, options);
        double sum = 0;
        foreach (float value in w.Span)
        {
            sum += value;
        }

        double mean = sum / w.Length;
        double deviation = Math.Sqrt(Math.Max(0, (energy / w.Length) - (mean * mean)));
        double unit = deviation > 1e-6 * Math.Abs(mean) ? deviation : Math.Abs(mean) > 0 ? Math.Abs(mean) : 1;
        float[] target = new float[w.Length];
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (float)((w.Span[i] - mean) / unit);
        }

        Random random = new(options.Seed);
        float[] free = new float[shape.Length];
        Array.Fill(free, 1f);
        RiemKernel kernel = new(shape, target);
        float[] theta = RiemStart.FromSvd(shape, kernel, random);
        long passes = (long)Math.Clamp(options.MetricSeconds * ReferenceRate / ((double)rows * columns * shape.Features), LeastPasses, MostPasses);

        _ = new RiemSolver(shape, kernel, (long)(passes * FirstShare), cancellation).Minimise(theta, free, random, out bool converged);
        progress?.Report(FirstShare);
        float[] range = new float[4 * shape.StateDim];
        byte[] rowCodes = Quantise(theta.AsSpan(0, shape.Q), shape.Rows, shape.PaddedRows, options.StateBits, range.AsSpan(0, 2 * shape.StateDim));
        free.AsSpan(0, shape.Q).Clear();
        _ = new RiemSolver(shape, kernel, (long)(passes * SecondShare), cancellation).Minimise(theta, free, random, out _);
        progress?.Report(SecondShare);
        byte[] columnCodes = Quantise(theta.AsSpan(shape.Q, shape.A - shape.Q), shape.Columns, shape.PaddedColumns, options.StateBits, range.AsSpan(2 * shape.StateDim));
        free.AsSpan(0, shape.A).Clear();
        _ = new RiemSolver(shape, kernel, passes, cancellation).Minimise(theta, free, random, out _);
        RoundFeatures(theta.AsSpan(shape.A, shape.V - shape.A));
        _ = new RiemSolver(shape, kernel, passes, cancellation).SolveLinear(theta);

        for (int m = 0; m < shape.Width; m++)
        {
            theta[shape.V + m] = (float)(theta[shape.V + m] * unit);
        }

        theta[shape.Beta] = (float)((theta[shape.Beta] * unit) + mean);
        MetricStates states = new(
            PackedCodes.Pack(rowCodes, shape.StateDim, rows, options.StateBits),
            PackedCodes.Pack(columnCodes, shape.StateDim, columns, options.StateBits),
            new ParameterTensor(range, [4, shape.StateDim], ParameterType.Float16));
        RiemMetric metric = new(states, Parameters(theta.AsSpan(shape.A, shape.Length - shape.A)), shape.Shifts, shape.Width);
        progress?.Report(1);
        string text = $"riem d {shape.StateDim}, {shape.Shifts} shifts, width {shape.Width}, {options.StateBits}-bit states";
        return new MetricFit(metric, RelativeError.Of(metric, w.Span, energy), converged ? FitStatus.Converged : FitStatus.BudgetSpent, 0, text);
    }

    /// <summary>Replaces states [d, padded] by their stored values and writes minimum [d] and step [d].</summary>
    private static byte[] Quantise(Span<float> states, int count, int padded, int bits, Span<float> range)
    {
        int d = states.Length / padded;
        byte[] codes = new byte[d * count];
        for (int i = 0; i < d; i++)
        {
            Span<float> line = states.Slice(i * padded, count);
            StateGrid grid = StateGrid.Spanning(line, bits);
            (range[i], range[d + i]) = (grid.Minimum, grid.Step);
            for (int k = 0; k < count; k++)
            {
                codes[(i * count) + k] = grid.Encode(line[k]);
                line[k] = grid.Decode(codes[(i * count) + k]);
            }
        }

        return codes;
    }

    private static void RoundFeatures(Span<float> features)
    {
        foreach (ref float value in features)
        {
            value = (float)(Half)Math.Clamp(value, -60000f, 60000f);
        }
    }

    /// <summary>16 bits, unless v or beta are too large or too small for them.</summary>
    private static ParameterTensor Parameters(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = MathF.Max(largest, MathF.Abs(value));
        }

        return new ParameterTensor(values, [values.Length], largest < 60000f ? ParameterType.Float16 : ParameterType.Float32);
    }
}

using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>Where a fit of codes may start: scales, and the metric that the codes add to.</summary>
/// <param name="Scales">rho and gamma.</param>
/// <param name="Metric">The metric in units of rho·gamma, or null.</param>
/// <param name="Field">Its values, row-major [K, N]; null where there is none, and where they are made again from it
/// when they are needed.</param>
/// <param name="Plan">What the metric was fitted by, or null.</param>
internal sealed record CodesStart(
    Scales Scales, Metric? Metric = null, double[]? Field = null, MetricPlan? Plan = null)
{
    private const double BitsPerScale = 16;

    /// <summary>The same with the values of its metric.</summary>
    public CodesStart WithField(IWorkers workers) =>
        Metric is null || Field is not null ? this : this with { Field = MetricField.Of(Metric, workers) };

    /// <summary>What the metric leaves of W, row-major [K, N]; the start must have one.</summary>
    public float[] Rest(MetricTarget target)
    {
        float[] rest = new float[target.Values.Length];
        target.Workers.For(target.Rows, k =>
        {
            ReadOnlySpan<float> line = target.Values.Span.Slice(k * target.Columns, target.Columns);
            ReadOnlySpan<double> field = Field.AsSpan(k * target.Columns, target.Columns);
            Span<float> to = rest.AsSpan(k * target.Columns, target.Columns);
            for (int n = 0; n < to.Length; n++)
            {
                to[n] = (float)(line[n] - (field[n] * Scales.RowAt(k) * Scales.Column[n]));
            }
        });
        return rest;
    }

    /// <summary>Bits per weight that this start stores and others may not: row scales and metric.</summary>
    public double ExtraBits(int rows, int columns) =>
        (Scales.Row is null ? 0 : BitsPerScale / columns)
            + (8.0 * (Metric?.ByteLength ?? 0) / ((double)rows * columns));
}

using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Codes;

/// <summary>Where a fit of codes may start: scales, and the metric that the codes add to.</summary>
/// <param name="Scales">rho and gamma.</param>
/// <param name="Metric">The metric in units of rho·gamma, or null.</param>
/// <param name="Field">Its values, row-major [K, N]; null exactly when the metric is.</param>
internal sealed record CodesStart(Scales Scales, Metric? Metric = null, double[]? Field = null)
{
    private const double BitsPerScale = 16;

    /// <summary>What the metric leaves of W, row-major [K, N]; the start must have one.</summary>
    public float[] Rest(MetricTarget target)
    {
        float[] rest = new float[target.Values.Length];
        for (int i = 0; i < rest.Length; i++)
        {
            (int k, int n) = (i / target.Columns, i % target.Columns);
            rest[i] = (float)(target.Values.Span[i] - (Field![i] * Scales.RowAt(k) * Scales.Column[n]));
        }

        return rest;
    }

    /// <summary>Bits per weight that this start stores and others may not: row scales and metric.</summary>
    public double ExtraBits(int rows, int columns) =>
        (Scales.Row is null ? 0 : BitsPerScale / columns)
            + (8.0 * (Metric?.ByteLength ?? 0) / ((double)rows * columns));
}

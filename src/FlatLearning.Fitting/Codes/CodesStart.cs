using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Codes;

/// <summary>Where a fit of codes may start: scales, and the metric that the codes add to.</summary>
/// <param name="Scales">rho and gamma.</param>
/// <param name="Metric">The metric in units of rho·gamma, or null.</param>
/// <param name="Field">Its values, row-major [K, N]; null exactly when the metric is.</param>
internal sealed record CodesStart(Scales Scales, Metric? Metric = null, double[]? Field = null)
{
    private const double BitsPerScale = 16;

    /// <summary>Bits per weight that this start stores and others may not: row scales and metric.</summary>
    public double ExtraBits(int rows, int columns) =>
        (Scales.Row is null ? 0 : BitsPerScale / columns) + (8.0 * (Metric?.ByteLength ?? 0) / ((double)rows * columns));
}

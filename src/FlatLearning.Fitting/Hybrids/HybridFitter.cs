using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Hybrids;

/// <summary>A metric followed by scales and codes: W~ = rho gamma (metric + code). docs/derivations/hybrid.md.</summary>
internal static class HybridFitter
{
    public static FitResult Fit(IMetricFitter fitter, MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        (ReadOnlyMemory<float> w, int rows, int columns) = (target.Values, target.Rows, target.Columns);
        List<CodesStart> starts = [];
        string modes = Environment.GetEnvironmentVariable("HMODES") ?? "const";
        foreach (string mode in modes.Split(','))
        {
            Scales scales = mode switch
            {
                "col" => Scales.FromRootMeanSquares(w.Span, rows, columns, withRows: false),
                "row" => Scales.FromRootMeanSquares(w.Span, rows, columns, withRows: true),
                _ => Constant(w.Span, rows, columns),
            };
            if (mode.StartsWith("res"))
            {
                CodesStart first = Start(fitter, target, scales, options, cancellation);
                float[] residual = new float[w.Length];
                for (int i = 0; i < w.Length; i++)
                {
                    residual[i] = w.Span[i] - (float)(first.Field![i] * scales.Column[0]);
                }

                scales = Scales.FromRootMeanSquares(residual, rows, columns, withRows: mode == "resrow");
            }

            starts.Add(Start(fitter, target, scales, options, cancellation));
        }

        return CodesFitter.Fit(target, starts, options, progress, cancellation);
    }

    private static CodesStart Start(IMetricFitter fitter, MetricTarget target, Scales scales, FitOptions options, CancellationToken cancellation)
    {
        (ReadOnlyMemory<float> w, int rows, int columns) = (target.Values, target.Rows, target.Columns);
        float[] x = new float[w.Length];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)(w.Span[i] * Scales.Inverse(scales.RowAt(i / columns) * scales.Column[i % columns]));
        }

        MetricFit fit = fitter.Fit(new MetricTarget(x, rows, columns, ErrorWeight.Identity), options, null, cancellation);
        return new CodesStart(scales, fit.Metric, MetricField.Of(fit.Metric));
    }

    private static Scales Constant(ReadOnlySpan<float> w, int rows, int columns)
    {
        double energy = 0;
        foreach (float value in w)
        {
            energy += (double)value * value;
        }

        double[] column = new double[columns];
        Array.Fill(column, Math.Sqrt(energy / w.Length));
        return new Scales(null, column);
    }
}

using FlatLearning.Dyn.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>All values of a stored metric in double precision, row-major [K, N].</summary>
internal static class MetricField
{
    private const int RowsOfItem = 64;

    /// <summary>metric(p_k, q_n) of every row and column.</summary>
    public static double[] Of(Metric metric, IWorkers workers)
    {
        double[] p = metric.States.DecodeRows();
        double[] q = metric.States.DecodeColumns();
        int d = metric.States.Coordinates;
        int columns = q.Length / d;
        double[] field = new double[checked(p.Length / d * columns)];
        if (metric is RiemMetric riem)
        {
            OfRiem(riem, p, q, field, workers);
            return field;
        }

        workers.For(p.Length / d, k =>
        {
            for (int n = 0; n < columns; n++)
            {
                field[(k * columns) + n] = metric.Evaluate(p.AsSpan(k * d, d), q.AsSpan(n * d, d));
            }
        });
        return field;
    }

    /// <summary>
    /// The arguments A(p + S q) + c are taken apart into row and column terms, once per row and column; exp(-(a + b)) =
    /// exp(-a) exp(-b), but where one of them leaves the range of a double.
    /// </summary>
    private static void OfRiem(RiemMetric metric, double[] p, double[] q, double[] field, IWorkers workers)
    {
        int d = metric.StateDim;
        int features = metric.Shifts * metric.Width;
        double[] a = new double[p.Length / d];
        double[] b = new double[q.Length / d];
        Array.Fill(field, metric.Beta);
        for (int f = 0; f < features; f++)
        {
            ReadOnlySpan<float> weights = metric.A.Slice(f * d, d);
            int shift = RiemMetric.ShiftOf(f / metric.Width, d, metric.Shifts);
            for (int k = 0; k < a.Length; k++)
            {
                a[k] = metric.C[f];
                for (int i = 0; i < d; i++)
                {
                    a[k] += weights[i] * p[(k * d) + i];
                }
            }

            for (int n = 0; n < b.Length; n++)
            {
                b[n] = 0;
                for (int i = 0; i < d; i++)
                {
                    b[n] += weights[i] * q[(n * d) + ((i + shift) % d)];
                }
            }

            AddFeature(a, b, metric.V[f % metric.Width], field, workers);
        }
    }

    private static void AddFeature(double[] a, double[] b, double v, double[] field, IWorkers workers)
    {
        const double Safe = 300;
        bool separable = a.Max(Math.Abs) < Safe && b.Max(Math.Abs) < Safe;
        double[] exp = Array.ConvertAll(b, x => separable ? Math.Exp(-x) : 0);
        workers.ForRanges(a.Length, RowsOfItem, (begin, end) =>
        {
            for (int k = begin; k < end; k++)
            {
                double row = separable ? Math.Exp(-a[k]) : 0;
                Span<double> line = field.AsSpan(k * b.Length, b.Length);
                for (int n = 0; n < line.Length; n++)
                {
                    line[n] += v / (1 + (separable ? row * exp[n] : Math.Exp(-(a[k] + b[n]))));
                }
            }
        });
    }
}

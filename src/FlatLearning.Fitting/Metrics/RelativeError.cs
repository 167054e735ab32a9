using FlatLearning.Dyn.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// The error of a stored metric, in double precision from its stored numbers, without decoding one weight at a time.
/// </summary>
internal static class RelativeError
{
    /// <summary>||W - metric||² / ||W||². For a weight of zeros: 0 if the metric is zero too, else infinity.</summary>
    public static double Of(Metric metric, ReadOnlySpan<float> w, double energy)
    {
        double[] p = metric.States.DecodeRows();
        double[] q = metric.States.DecodeColumns();
        double error = metric is RiemMetric riem ? OfRiem(riem, p, q, w) : OfAny(metric, p, q, w);
        return error == 0 ? 0 : error / energy;
    }

    /// <summary>tr(Eᵀ H E) / tr(Xᵀ H X) with E = X - metric; 0 where both are zero.</summary>
    public static double Of(Metric metric, MetricTarget target)
    {
        ReadOnlySpan<float> values = target.Values.Span;
        double[] x = new double[target.Hessian.IsIdentity ? 0 : values.Length];
        double energy = 0;
        for (int i = 0; i < values.Length; i++)
        {
            energy += (double)values[i] * values[i];
            if (x.Length > 0)
            {
                x[i] = values[i];
            }
        }

        if (target.Hessian.IsIdentity)
        {
            return Of(metric, values, energy);
        }

        double[] p = metric.States.DecodeRows();
        double[] q = metric.States.DecodeColumns();
        double whole = target.Hessian.Energy(x, target.Columns, target.Workers);
        int d = metric.States.Coordinates;
        target.Workers.For(target.Rows, k =>
        {
            for (int n = 0; n < target.Columns; n++)
            {
                x[(k * target.Columns) + n] -= metric.Evaluate(p.AsSpan(k * d, d), q.AsSpan(n * d, d));
            }
        });
        double error = target.Hessian.Energy(x, target.Columns, target.Workers);
        return error == 0 ? 0 : error / whole;
    }

    private static double OfAny(Metric metric, double[] p, double[] q, ReadOnlySpan<float> w)
    {
        int d = metric.States.Coordinates;
        int columns = q.Length / d;
        double error = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double difference = metric.Evaluate(p.AsSpan(i / columns * d, d), q.AsSpan(i % columns * d, d)) - w[i];
            error += difference * difference;
        }

        return error;
    }

    /// <summary>
    /// The arguments A(p + S q) + c are taken apart into row and column terms, once per row and column.
    /// </summary>
    private static double OfRiem(RiemMetric metric, double[] p, double[] q, ReadOnlySpan<float> w)
    {
        int d = metric.StateDim;
        int features = metric.Shifts * metric.Width;
        double[] a = new double[p.Length / d * features];
        double[] b = new double[q.Length / d * features];
        for (int f = 0; f < features; f++)
        {
            ReadOnlySpan<float> row = metric.A.Slice(f * d, d);
            int shift = RiemMetric.ShiftOf(f / metric.Width, d, metric.Shifts);
            for (int k = 0; k < p.Length / d; k++)
            {
                double sum = metric.C[f];
                for (int i = 0; i < d; i++)
                {
                    sum += row[i] * p[(k * d) + i];
                }

                a[(k * features) + f] = sum;
            }

            for (int n = 0; n < q.Length / d; n++)
            {
                double sum = 0;
                for (int i = 0; i < d; i++)
                {
                    sum += row[i] * q[(n * d) + ((i + shift) % d)];
                }

                b[(n * features) + f] = sum;
            }
        }

        int columns = q.Length / d;
        double error = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double value = metric.Beta;
            ReadOnlySpan<double> rowTerms = a.AsSpan(i / columns * features, features);
            ReadOnlySpan<double> columnTerms = b.AsSpan(i % columns * features, features);
            for (int f = 0; f < features; f++)
            {
                value += metric.V[f % metric.Width] / (1 + Math.Exp(-(rowTerms[f] + columnTerms[f])));
            }

            error += (value - w[i]) * (value - w[i]);
        }

        return error;
    }
}

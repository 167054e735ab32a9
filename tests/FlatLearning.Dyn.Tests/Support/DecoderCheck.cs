using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Dyn.Tests.Support;

/// <summary>Compares decoded floats with the reference, under error bounds that follow from the formula.</summary>
internal static class DecoderCheck
{
    /// <summary>Unit roundoff of float.</summary>
    private const double Eps = 1.0 / (1 << 24);

    /// <summary>Checks a whole decoded matrix; returns the largest share of its bound that an error used.</summary>
    public static double Verify(DynWeight weight, ReadOnlySpan<float> actual, string what)
    {
        double[] expected = ReferenceDecoder.Decode(weight);
        double[] bounds = Bounds(weight);
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected[i]);
            Assert.True(
                error <= bounds[i],
                $"{what}: element ({i / weight.Columns}, {i % weight.Columns}) is {actual[i]}, expected "
                    + $"{expected[i]}, error {error} over the bound {bounds[i]}");
            worst = Math.Max(worst, bounds[i] == 0 ? 0 : error / bounds[i]);
        }

        return worst;
    }

    /// <summary>
    /// Per element: with S the sum of the magnitudes of everything that is added, n additions and at most four further
    /// roundings (store, metric to code, two scales) give |error| at most (n + 4) eps S scales to first order; a tenth
    /// is added for higher orders and 1e-37 for subnormal numbers.
    /// </summary>
    private static double[] Bounds(DynWeight weight)
    {
        double[] bounds = new double[weight.Rows * weight.Columns];
        double[]? p = weight.Metric?.States.DecodeRows();
        double[]? q = weight.Metric?.States.DecodeColumns();
        for (int k = 0; k < weight.Rows; k++)
        {
            for (int n = 0; n < weight.Columns; n++)
            {
                double bound = weight.Codebook is null ? 0 : CodeBound(weight.Codebook!);
                bound += weight.Bands is null ? 0 : weight.Bands!.Bands.Max(band => CodeBound(band.Codebook));
                if (weight.Metric is { } metric)
                {
                    int d = metric.States.Coordinates;
                    bound += MetricBound(metric, p.AsSpan(k * d, d), q.AsSpan(n * d, d));
                }

                double scale = Math.Abs((weight.RowScale?.Values[k] ?? 1.0) * (weight.ColumnScale?.Values[n] ?? 1.0));

                // A sparse element of magnitude 1 or less, and the rounding of its addition.
                bounds[(k * weight.Columns) + n] =
                    (1.1 * Eps * ((bound * scale) + (weight.Sparse is null ? 0 : 2 + (bound * scale)))) + 1e-37;
            }
        }

        return bounds;
    }

    private static double CodeBound(Codebook codebook)
    {
        int tables = codebook.IsWindow ? 1 : codebook.Taps;
        double sum = 0;
        for (int t = 0; t < tables; t++)
        {
            double max = 0;
            foreach (float value in codebook.Table.Values.AsSpan(
                t * codebook.Table.Values.Length / tables, codebook.Table.Values.Length / tables))
            {
                max = Math.Max(max, Math.Abs(value));
            }

            sum += max;
        }

        return (tables + 3) * sum;
    }

    private static double MetricBound(Metric metric, ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (metric is DistanceMetric distance)
        {
            // Squares are exact; each head adds a root, a product or quotient, and itself to the sum.
            double all = Math.Abs(distance.Beta);
            for (int h = 0; h < metric.Heads; h++)
            {
                double square = distance.Softening(h);
                for (int i = h * metric.StateDim; i < (h + 1) * metric.StateDim; i++)
                {
                    square += (p[i] - q[i]) * (p[i] - q[i]);
                }

                all += Math.Abs(distance.Factor(h)) * distance.Term(square);
            }

            return (metric.Heads + 6) * all;
        }

        if (metric is DynL1Metric)
        {
            double sum = 0;
            for (int i = 0; i < p.Length; i++)
            {
                sum += Math.Abs(metric.Parameters.Values[i / metric.StateDim] * (p[i] - q[i]));
            }

            return (p.Length + 5) * sum;
        }

        // Each feature, whatever its argument z = a + b is made of: v/(1+e^-z) with a few roundings of its own (8), an
        // error of z of at most |a| + |b| roundings in the path that stores arguments, which the slope, at most 1/4,
        // damps; then sums.
        RiemMetric riem = (RiemMetric)metric;
        int features = riem.Shifts * riem.Width;
        double total = Math.Abs(riem.Beta);
        double own = 0;
        for (int f = 0; f < features; f++)
        {
            int shift = RiemMetric.ShiftOf(f / riem.Width, riem.StateDim, riem.Shifts);
            double a = riem.C[f];
            double b = 0;
            for (int i = 0; i < riem.StateDim; i++)
            {
                a += riem.A[(f * riem.StateDim) + i] * p[i];
                b += riem.A[(f * riem.StateDim) + i] * q[(i + shift) % riem.StateDim];
            }

            double magnitude = Math.Abs(riem.V[f % riem.Width]);
            double sigmoid = 1 / (1 + Math.Exp(-(a + b)));
            total += magnitude * sigmoid;
            own += magnitude * ((8 * sigmoid) + (2 * (Math.Abs(a) + Math.Abs(b) + 2) * sigmoid * (1 - sigmoid)) + 1e-9);
        }

        return ((features + 5) * total) + own;
    }
}

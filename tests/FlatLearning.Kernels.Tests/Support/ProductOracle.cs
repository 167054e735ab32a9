using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>
/// y = x · W + bias in double precision from the reference decoder, with the error that float32 may make.
/// </summary>
internal sealed class ProductOracle
{
    /// <summary>Unit roundoff of float32.</summary>
    private const double Eps = 1.0 / (1 << 24);

    private readonly DynWeight _weight;
    private readonly double[] _dense;
    private readonly double[] _magnitudes;
    private readonly double[] _bias;
    private readonly double _decodeRoundings;

    public ProductOracle(DynWeight weight, double[]? bias = null)
    {
        _weight = weight;
        _dense = ReferenceDecoder.Decode(weight);
        _magnitudes = Magnitudes(weight, _dense);
        _bias = bias ?? new double[weight.Columns];

        // Roundings of one decoded element: taps, metric terms (a sigmoid counts ten), scales.
        _decodeRoundings = 8 + (weight.Codebook?.Taps ?? 0)
            + (weight.Bands?.Bands.Max(band => band.Codebook.Taps) ?? 0) + weight.Metric switch
        {
            null => 0,
            RiemMetric riem => 10 + (riem.Shifts * riem.Width),
            Metric other => 5 + other.States.Coordinates,
        };
    }

    /// <summary>
    /// What a kernel may lose beyond roundings of float32: from a row of x, a bound on the error of a sum before its
    /// column scale. None by default.
    /// </summary>
    public Func<ReadOnlyMemory<double>, double> Slack { get; init; } = _ => 0;

    /// <summary>N.</summary>
    public int Columns => _weight.Columns;

    /// <summary>Checks y; returns the largest share of its bound that an error used.</summary>
    /// <param name="x">[rows, K], rounded to its type already.</param>
    /// <param name="y">[rows, N].</param>
    /// <param name="type">The element type of both.</param>
    public double Check(double[] x, double[] y, ElementType type)
    {
        int k = _weight.Rows;
        int n = _weight.Columns;
        double worst = 0;
        for (int row = 0; row < y.Length / n; row++)
        {
            double slack = Slack(x.AsMemory(row * k, k));
            for (int column = 0; column < n; column++)
            {
                double sum = _bias[column];
                double magnitude = Math.Abs(sum);
                for (int i = 0; i < k; i++)
                {
                    sum += x[(row * k) + i] * _dense[(i * n) + column];
                    magnitude += Math.Abs(x[(row * k) + i]) * _magnitudes[(i * n) + column];
                }

                // Summing K products makes K roundings, each of at most the sum of magnitudes so far.
                double bound = (1.1 * Eps * (k + _decodeRoundings) * magnitude)
                    + (Roundoff(type) * Math.Abs(sum)) + Smallest(type)
                    + (slack * Math.Abs(_weight.ColumnScale?.Values[column] ?? 1.0));
                if (magnitude > LargestSum(type) || Math.Abs(sum) > Largest(type))
                {
                    // Beyond the range of the sums or of y, infinity and what comes of it are right as well.
                    continue;
                }

                double error = Math.Abs(y[(row * n) + column] - sum);
                if (!(error <= bound))
                {
                    throw new InvalidOperationException(
                        $"y[{row},{column}] is {y[(row * n) + column]}, expected {sum}, error {error} over the "
                            + $"bound {bound}");
                }

                worst = Math.Max(worst, bound == 0 ? 0 : error / bound);
            }
        }

        return worst;
    }

    // Decoding adds positive and negative terms; errors follow the sum of magnitudes, not the result.
    private static double[] Magnitudes(DynWeight weight, double[] dense)
    {
        double[] result = new double[dense.Length];
        double code =
            MaxOfCodebook(weight.Codebook) + (weight.Bands?.Bands.Max(band => MaxOfCodebook(band.Codebook)) ?? 0);
        double[]? p = weight.Metric?.States.DecodeRows();
        double[]? q = weight.Metric?.States.DecodeColumns();
        for (int k = 0; k < weight.Rows; k++)
        {
            for (int n = 0; n < weight.Columns; n++)
            {
                double metric = weight.Metric is null ? 0 : MaxOfMetric(weight.Metric!, p!, q!, k, n);
                double scale = Math.Abs((weight.RowScale?.Values[k] ?? 1.0) * (weight.ColumnScale?.Values[n] ?? 1.0));
                result[(k * weight.Columns) + n] =
                    (scale * (code + metric)) + (weight.Sparse is null ? 0 : Math.Abs(dense[(k * weight.Columns) + n]));
            }
        }

        return result;
    }

    private static double MaxOfCodebook(Codebook? codebook) => codebook is null
        ? 0
        : codebook.Table.Values.Max(Math.Abs) * (codebook.IsWindow ? 1 : codebook.Taps);

    private static double MaxOfMetric(Metric metric, double[] p, double[] q, int k, int n)
    {
        if (metric is RiemMetric riem)
        {
            // Arguments spread far make a sigmoid lose digits in proportion; a factor of ten covers the generator's
            // spread.
            double sum = Math.Abs(riem.Beta);
            foreach (float v in riem.V)
            {
                sum += 10 * riem.Shifts * Math.Abs(v);
            }

            return sum;
        }

        int d = metric.States.Coordinates;
        if (metric is DistanceMetric distance)
        {
            // Squares are exact, whatever the size of the states: what is added are the heads' terms.
            double terms = Math.Abs(distance.Beta);
            for (int h = 0; h < metric.Heads; h++)
            {
                double square = distance.Softening(h);
                for (int i = h * metric.StateDim; i < (h + 1) * metric.StateDim; i++)
                {
                    square += Math.Pow(p[(k * d) + i] - q[(n * d) + i], 2);
                }

                terms += Math.Abs(distance.Factor(h)) * distance.Term(square);
            }

            return terms;
        }

        double total = 0;
        for (int i = 0; i < d; i++)
        {
            total += Math.Abs(metric.Parameters.Values[i / metric.StateDim])
                * (Math.Abs(p[(k * d) + i]) + Math.Abs(q[(n * d) + i]));
        }

        return total;
    }

    private static double Roundoff(ElementType type) => type switch
    {
        ElementType.Float16 => 1.0 / (1 << 11),
        ElementType.BFloat16 => 1.0 / (1 << 8),
        _ => Eps,
    };

    private static double Largest(ElementType type) => type switch
    {
        ElementType.Float64 => double.MaxValue,
        ElementType.Float16 => (double)Half.MaxValue,
        _ => 3.38e38,
    };

    // Sums are formed in float32, but in float64 for such x.
    private static double LargestSum(ElementType type) =>
        type == ElementType.Float64 ? double.MaxValue : float.MaxValue;

    private static double Smallest(ElementType type) => type == ElementType.Float16 ? 6e-8 : 1e-37;
}

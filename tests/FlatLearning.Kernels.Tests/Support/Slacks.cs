using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>What some kernels may lose of a sum beyond roundings of float32.</summary>
internal static class Slacks
{
    private const int BlockInputs = 32;

    /// <summary>
    /// What the entries of a block may add up to; the kernel divides by it in float32, hence a little less here.
    /// </summary>
    private const double MaxSum = 32700 * (1 - 1e-5);

    /// <inheritdoc cref="MaxSum"/>
    private const double MaxPair = 16250 * (1 - 1e-5);

    /// <summary>What factors may leave over of a metric, in the Frobenius norm.</summary>
    private const double Tolerance = 1.0 / (1 << 16);

    /// <summary>The slack of a kernel, or null for none.</summary>
    public static Func<DynWeight, ReadOnlyMemory<double>, double>? Of(string kernel) => kernel switch
    {
        "avx512-int16-lut" => (weight, x) => WholeNumbers(weight, x.Span),
        "avx2-fixed-lut" => (weight, x) => FixedPoint(weight, x.Span),
        "avx2-fixed-mixed-lut" => (weight, x) => FixedBands(weight, x.Span),
        "low-rank-metric" => (weight, x) => Factors(weight, x.Span),
        _ => null,
    };

    /// <summary>
    /// Each look-up is rounded by at most half a unit; the unit of a block is its largest possible sum over MaxSum.
    /// </summary>
    public static double WholeNumbers(DynWeight weight, ReadOnlySpan<double> x)
    {
        Codebook codebook = weight.Codebook!;
        double error = 0;
        for (int first = 0; first < x.Length; first += BlockInputs)
        {
            int count = Math.Min(BlockInputs, x.Length - first);
            double max = 0;
            for (int t = 0; t < codebook.Taps; t++)
            {
                double largest = codebook.Table.Values.Skip(t * codebook.Levels)
                    .Take(codebook.Levels)
                    .Max(v => Math.Abs((double)v));
                for (int k = first + t; k < Math.Min(first + t + count, x.Length); k++)
                {
                    max += largest * Math.Abs(x[k] * (weight.RowScale?.Values[k] ?? 1.0));
                }
            }

            error += count * 0.5 * max / MaxSum;
        }

        return error;
    }

    /// <summary>
    /// Each look-up is rounded by at most half a unit; the unit of a block is the largest sum of the magnitudes of two
    /// neighbouring tables over MaxPair. Tables of 2-bit codes are those of two inputs.
    /// </summary>
    public static double FixedPoint(DynWeight weight, ReadOnlySpan<double> x)
    {
        Codebook codebook = weight.Codebook!;
        int inputs = codebook.Bits <= 2 ? 2 : 1;
        double error = 0;
        for (int first = 0; first < x.Length; first += BlockInputs)
        {
            double unit = 0;
            double pair = 0;
            int lookUps = 0;
            for (int k = first; k < Math.Min(first + BlockInputs, x.Length); k += inputs, lookUps++)
            {
                double table = 0;
                for (int i = 0; i < inputs && k + i < x.Length; i++)
                {
                    table += LargestEntry(weight, codebook, x, k + i);
                }

                pair = lookUps % 2 == 0 ? table : pair + table;
                unit = Math.Max(unit, pair / MaxPair);
            }

            error += lookUps * 0.5 * unit;
        }

        return error;
    }

    /// <summary>
    /// As <see cref="FixedPoint"/>, for columns that may have any band at any input, and for the inputs at both ends of
    /// a section, whose look-ups have units of their own.
    /// </summary>
    public static double FixedBands(DynWeight weight, ReadOnlySpan<double> x)
    {
        const int InputsOfEnds = 32;
        DynWeight ordered = weight.InScaleOrder(out int[] rows, out _);
        double[] scaled = new double[x.Length + Codebook.MaxTaps + (2 * BlockInputs)];
        for (int k = 0; k < x.Length; k++)
        {
            scaled[k] = x[rows[k]] * (ordered.RowScale?.Values[k] ?? 1.0);
        }

        double error = 0;
        double worst = 0;
        for (int first = 0; first < x.Length; first += BlockInputs)
        {
            double unit = 0;
            foreach (CodeBand band in weight.Bands!.Bands)
            {
                int step = band.Codebook.Bits <= 2 ? 4 : 2;
                for (int k = first; k < first + BlockInputs; k += step)
                {
                    double sum = 0;
                    for (int i = k; i < k + step; i++)
                    {
                        sum += Bound(band.Codebook, scaled.AsSpan(i));
                    }

                    unit = Math.Max(unit, sum / MaxPair);
                }
            }

            error += Math.Min(BlockInputs, x.Length - first) * 0.5 * unit;
            worst = Math.Max(worst, unit);
        }

        // Pairs at the ends begin anywhere, so that two of the blocks' pairs may meet in one.
        return error + (weight.Bands!.Bands.Count * InputsOfEnds * 0.5 * 2 * worst);
    }

    // Of what an input's taps may give, whatever of it counts.
    private static double Bound(Codebook codebook, ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int t = 0; t < codebook.Taps; t++)
        {
            double largest = codebook.Table.Values.Skip(t * codebook.Levels)
                .Take(codebook.Levels)
                .Max(v => Math.Abs((double)v));
            sum += largest * Math.Abs(x[t]);
        }

        return sum;
    }

    private static double LargestEntry(DynWeight weight, Codebook codebook, ReadOnlySpan<double> x, int k)
    {
        double largest = 0;
        for (int code = 0; code < codebook.Levels; code++)
        {
            double entry = 0;
            for (int t = 0; t < codebook.Taps && k + t < x.Length; t++)
            {
                entry += x[k + t] * (weight.RowScale?.Values[k + t] ?? 1.0)
                    * codebook.Table.Values[(t * codebook.Levels) + code];
            }

            largest = Math.Max(largest, Math.Abs(entry));
        }

        return largest;
    }

    /// <summary>
    /// |(x · (G - U V))_n| is at most the norm of x times that of a column of what is left over, and so of all of it.
    /// </summary>
    public static double Factors(DynWeight weight, ReadOnlySpan<double> x)
    {
        DynWeight metric = new(weight.Rows, weight.Columns, null, null, weight.Find<MetricTerm>()!);
        double norm = Math.Sqrt(ReferenceDecoder.Decode(metric).Sum(value => value * value));
        double square = 0;
        for (int k = 0; k < x.Length; k++)
        {
            square += Math.Pow(x[k] * (weight.RowScale?.Values[k] ?? 1.0), 2);
        }

        return Tolerance * norm * Math.Sqrt(square);
    }
}

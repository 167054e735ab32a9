namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Agreement of class scores, row by row. An element that is minus infinity in both models is a class of probability
/// zero; a row that is NaN or plus infinity somewhere, in the same way in both, is left out; any other row that is not
/// finite agrees with nothing.
/// </summary>
internal sealed class ClassStatistics
{
    // Below any probability that a float32 softmax tells apart from zero; keeps the divergence finite where the
    // converted model gives 0.
    private const double SmallestProbability = 1e-12;

    private double _divergence;
    private long _agreeing;
    private long _broken;

    /// <summary>Rows seen.</summary>
    public long Rows { get; private set; }

    /// <summary>The share of rows whose largest entry is at the same place (the first of equals).</summary>
    public double Top1Agreement => Rows == 0 ? double.NaN : (double)_agreeing / Rows;

    /// <summary>
    /// The mean over rows of sum p ln(p / q), in nats, p being the original's distribution: its row where that is
    /// probabilities already (<see cref="ClassAxis.IsProbabilities"/>), else its softmax. NaN where a row is not
    /// finite in one model only.
    /// </summary>
    public double Kl => Rows == 0 || _broken > 0 ? double.NaN : _divergence / Rows;

    /// <summary>Adds rows of <paramref name="classes"/> entries.</summary>
    public void Add(ReadOnlySpan<double> original, ReadOnlySpan<double> converted, int classes)
    {
        double[] p = new double[classes];
        double[] q = new double[classes];
        for (int start = 0; start + classes <= original.Length; start += classes)
        {
            ReadOnlySpan<double> a = original.Slice(start, classes);
            ReadOnlySpan<double> b = converted.Slice(start, classes);
            if (IsUndefined(a) && IsUndefinedAlike(a, b))
            {
                continue;
            }

            Rows++;
            if (IsUndefined(a) || IsUndefined(b) || !HaveEqualMasks(a, b))
            {
                _broken++;
                continue;
            }

            _agreeing += Largest(a) == Largest(b) ? 1 : 0;
            bool probabilities = ClassAxis.IsProbabilities(a);
            LogDistribution(a, probabilities, p);
            LogDistribution(b, probabilities, q);
            _divergence += Divergence(p, q);
        }
    }

    /// <summary>The place of the largest entry, the first of equals.</summary>
    internal static int Largest(ReadOnlySpan<double> row)
    {
        int best = 0;
        for (int i = 1; i < row.Length; i++)
        {
            best = row[i] > row[best] ? i : best;
        }

        return best;
    }

    /// <summary>
    /// Logarithms of the probabilities of a row: of its softmax, or of its entries scaled to sum one.
    /// </summary>
    internal static void LogDistribution(ReadOnlySpan<double> row, bool probabilities, Span<double> result)
    {
        double offset = 0;
        double sum = 0;
        if (probabilities)
        {
            for (int i = 0; i < row.Length; i++)
            {
                result[i] = Math.Log(Math.Max(row[i], SmallestProbability));
            }
        }
        else
        {
            row.CopyTo(result);
            offset = row[Largest(row)];
        }

        foreach (double value in result)
        {
            sum += Math.Exp(value - offset);
        }

        double normalisation = offset + Math.Log(sum);
        for (int i = 0; i < result.Length; i++)
        {
            result[i] -= normalisation;
        }
    }

    // Rounding can leave a divergence of equal rows a little below zero.
    private static double Divergence(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            sum += double.IsNegativeInfinity(p[i]) ? 0 : Math.Exp(p[i]) * (p[i] - q[i]);
        }

        return Math.Max(sum, 0);
    }

    // NaN or plus infinity somewhere, or a probability nowhere: no distribution.
    private static bool IsUndefined(ReadOnlySpan<double> row)
    {
        bool any = false;
        foreach (double value in row)
        {
            if (double.IsNaN(value) || double.IsPositiveInfinity(value))
            {
                return true;
            }

            any |= double.IsFinite(value);
        }

        return !any;
    }

    private static bool IsUndefinedAlike(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!a[i].Equals(b[i]) && !(double.IsFinite(a[i]) && double.IsFinite(b[i])))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HaveEqualMasks(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (double.IsNegativeInfinity(a[i]) != double.IsNegativeInfinity(b[i]))
            {
                return false;
            }
        }

        return true;
    }
}

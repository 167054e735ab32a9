namespace FlatLearning.Fitting.Peers;

/// <summary>
/// Super-blocks of levels d · s · code with codes from -2^(b-1) to 2^(b-1) - 1, s the signed integer of a sub-block, d
/// a 16-bit float. The value of largest magnitude gets the outermost code, and the scale, weighted by squared values,
/// fits the codes; 3 bits then move single codes while that helps, 6 bits try steps around the first. The scale of
/// largest magnitude gets the outermost integer.
/// </summary>
internal static class KQuantSymmetric
{
    /// <summary>Below this, a sub-block is zero.</summary>
    private const float Negligible = 1e-15f;

    private const int MaxMoves = 5;
    private const int MaxSteps = 9;

    /// <summary>Replaces whole sub-blocks by what is read back.</summary>
    public static void RoundTrip(Span<float> values, KQuantLayout layout)
    {
        int count = values.Length / layout.SubBlock;
        int half = 1 << (layout.CodeBits - 1);
        int halfInteger = 1 << (layout.ScaleBits - 1);
        Span<double> scales = stackalloc double[count];
        double largest = 0;
        for (int j = 0; j < count; j++)
        {
            scales[j] = Fit(values.Slice(j * layout.SubBlock, layout.SubBlock), half);
            largest = Math.Abs(scales[j]) > Math.Abs(largest) ? scales[j] : largest;
        }

        double stored = StoredHalf.Of(-largest / halfInteger);
        for (int j = 0; j < count; j++)
        {
            double integer = largest != 0
                ? Math.Clamp(Math.Round(-halfInteger * scales[j] / largest), -halfInteger, halfInteger - 1)
                : 0;
            double scale = stored * integer;
            foreach (ref float value in values.Slice(j * layout.SubBlock, layout.SubBlock))
            {
                value = (float)(scale != 0 ? scale * Code(value / scale, half) : 0);
            }
        }
    }

    private static double Code(double value, int half) => Math.Clamp(Math.Round(value), -half, half - 1);

    private static double Fit(ReadOnlySpan<float> x, int half)
    {
        double outermost = 0;
        foreach (float value in x)
        {
            outermost = Math.Abs(value) > Math.Abs(outermost) ? value : outermost;
        }

        if (Math.Abs(outermost) < Negligible)
        {
            return 0;
        }

        Span<double> codes = stackalloc double[x.Length];
        (double xq, double qq) = Sums(x, -half / outermost, half, codes);
        return half == 4 ? Moved(x, codes, xq, qq, half) : Stepped(x, codes, xq, qq, half, outermost);
    }

    /// <summary>Codes for a reciprocal scale, and the weighted sums of value · code and code².</summary>
    private static (double Xq, double Qq) Sums(ReadOnlySpan<float> x, double reciprocal, int half, Span<double> codes)
    {
        (double xq, double qq) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            double value = x[i];
            codes[i] = Code(value * reciprocal, half);
            xq += value * value * value * codes[i];
            qq += value * value * codes[i] * codes[i];
        }

        return (xq, qq);
    }

    /// <summary>
    /// Steps whose reciprocal is up to 0.9 / |outermost| from the first; what the line explains, xq²/qq, decides.
    /// </summary>
    private static double Stepped(
        ReadOnlySpan<float> x, Span<double> codes, double xq, double qq, int half, double outermost)
    {
        (double scale, double explained) = (xq / qq, xq * xq / qq);
        for (int step = -MaxSteps; step <= MaxSteps; step++)
        {
            (xq, qq) = Sums(x, -(half + (0.1 * step)) / outermost, half, codes);
            if (step != 0 && qq > 0 && xq * xq > explained * qq)
            {
                (scale, explained) = (xq / qq, xq * xq / qq);
            }
        }

        return scale;
    }

    /// <summary>
    /// Each code in turn is set to what the scale of the others asks for, where the line explains more after it.
    /// </summary>
    private static double Moved(ReadOnlySpan<float> x, Span<double> codes, double xq, double qq, int half)
    {
        bool moved = true;
        for (int round = 0; round < MaxMoves && moved; round++)
        {
            moved = false;
            for (int i = 0; i < x.Length; i++)
            {
                double value = x[i];
                double weight = value * value;
                (double otherXq, double otherQq) =
                    (xq - (weight * value * codes[i]), qq - (weight * codes[i] * codes[i]));
                double code = otherXq > 0 ? Code(value * otherQq / otherXq, half) : codes[i];
                double nextXq = otherXq + (weight * value * code);
                double nextQq = otherQq + (weight * code * code);
                if (code != codes[i] && nextQq > 0 && nextXq * nextXq * qq > xq * xq * nextQq)
                {
                    (codes[i], xq, qq, moved) = (code, nextXq, nextQq, true);
                }
            }
        }

        return xq / qq;
    }
}

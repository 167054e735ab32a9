namespace FlatLearning.Fitting.Peers;

/// <summary>
/// Super-blocks of levels d · s · code - e · m with codes from 0, s and m the integers of a sub-block, d and e 16-bit
/// floats. Per sub-block, scale and minimum (0 or less) are the best of the range's own and of weighted least squares
/// through the codes that a row of other steps gives; the largest of each is divided among the integers, and codes are
/// then rounded again against what is stored.
/// </summary>
internal static class KQuantAffine
{
    /// <summary>Replaces whole sub-blocks by what is read back.</summary>
    public static void RoundTrip(Span<float> values, KQuantLayout layout)
    {
        int count = values.Length / layout.SubBlock;
        int largestInteger = (1 << layout.ScaleBits) - 1;
        int largestCode = (1 << layout.CodeBits) - 1;
        Span<double> scales = stackalloc double[count];
        Span<double> minima = stackalloc double[count];
        (double largestScale, double largestMinimum) = (0, 0);
        for (int j = 0; j < count; j++)
        {
            (scales[j], minima[j]) = Fit(values.Slice(j * layout.SubBlock, layout.SubBlock), layout);
            (largestScale, largestMinimum) = (Math.Max(largestScale, scales[j]), Math.Max(largestMinimum, minima[j]));
        }

        double storedScale = StoredHalf.Of(largestScale / largestInteger);
        double storedMinimum = StoredHalf.Of(largestMinimum / largestInteger);
        for (int j = 0; j < count; j++)
        {
            double scale = storedScale * Integer(scales[j], largestScale, largestInteger);
            double minimum = storedMinimum * Integer(minima[j], largestMinimum, largestInteger);
            foreach (ref float value in values.Slice(j * layout.SubBlock, layout.SubBlock))
            {
                double code = scale > 0 ? Math.Clamp(Math.Round((value + minimum) / scale), 0, largestCode) : 0;
                value = (float)((scale * code) - minimum);
            }
        }
    }

    private static double Integer(double value, double largest, int largestInteger) =>
        largest > 0 ? Math.Clamp(Math.Round(value / largest * largestInteger), 0, largestInteger) : 0;

    /// <summary>Scale and minus the minimum of one sub-block.</summary>
    private static (double Scale, double Minimum) Fit(ReadOnlySpan<float> x, KQuantLayout layout)
    {
        (double low, double high, double energy) = (Math.Min(x[0], 0), x[0], 0);
        foreach (float value in x)
        {
            (low, high, energy) = (Math.Min(low, value), Math.Max(high, value), energy + ((double)value * value));
        }

        // high is below 0 where all values are; 0 is not put into the range from above.
        if (!(high > low))
        {
            return (0, -low);
        }

        // 2 bits weigh errors by magnitude and take them as they are, not squared; the others add the root mean square.
        bool absolute = layout.CodeBits == 2;
        double offset = absolute ? 0 : Math.Sqrt(energy / x.Length);
        int largest = (1 << layout.CodeBits) - 1;
        (double first, int last) = layout.CodeBits == 4 ? (-1.0, 20) : (-0.5, 15);
        (double Scale, double Low) best = ((high - low) / largest, low);
        double min = Error(x, best, low, largest / (high - low), largest, offset, absolute);
        for (int step = 0; step <= last; step++)
        {
            // Codes count from the best minimum so far, as the reference has it.
            double reciprocal = (largest + first + (0.1 * step)) / (high - best.Low);
            if (Line(x, best.Low, reciprocal, largest, offset) is { } line
                && Error(x, line, best.Low, reciprocal, largest, offset, absolute) is double error && error < min)
            {
                (best, min) = (line, error);
            }
        }

        return (best.Scale, -best.Low);
    }

    private static double Code(double value, double low, double reciprocal, int largest) =>
        Math.Clamp(Math.Round((value - low) * reciprocal), 0, largest);

    private static double Error(
        ReadOnlySpan<float> x, (double Scale, double Low) line, double low, double reciprocal, int largest,
        double offset, bool absolute)
    {
        double error = 0;
        foreach (float value in x)
        {
            double difference = Math.Abs((line.Scale * Code(value, low, reciprocal, largest)) + line.Low - value);
            error += (offset + Math.Abs(value)) * (absolute ? difference : difference * difference);
        }

        return error;
    }

    /// <summary>
    /// The weighted least-squares line through values over codes, or through 0 where it would start above it; null
    /// where all codes are equal.
    /// </summary>
    private static (double Scale, double Low)? Line(
        ReadOnlySpan<float> x, double low, double reciprocal, int largest, double offset)
    {
        (double w, double wx, double wq, double wqq, double wqx) = (0, 0, 0, 0, 0);
        foreach (float value in x)
        {
            double weight = offset + Math.Abs(value);
            double code = Code(value, low, reciprocal, largest);
            (w, wx, wq, wqq, wqx) = (w
                + weight, wx
                    + (weight * value), wq
                        + (weight * code), wqq + (weight * code * code), wqx + (weight * code * value));
        }

        double determinant = (w * wqq) - (wq * wq);
        if (!(determinant > 0))
        {
            return null;
        }

        double start = ((wqq * wx) - (wq * wqx)) / determinant;
        return start > 0 ? (wqx / wqq, 0) : (((w * wqx) - (wx * wq)) / determinant, start);
    }
}

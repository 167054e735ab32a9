namespace FlatLearning.Fitting.Blocks;

/// <summary>
/// Rounds one block: tries scales around the one that just reaches the largest value, keeps the one with the least
/// squared error, and refits it to its codes by least squares. Scales are tried as they are stored.
/// </summary>
/// <param name="format">The format.</param>
/// <param name="scales">How scales are stored.</param>
internal sealed class BlockRounding(BlockFormat format, ScaleType scales)
{
    private const int Refits = 3;

    private readonly float[] _factors = Factors(format.Bits);

    /// <summary>Rounds a block.</summary>
    /// <param name="w">Its values, finite, at most a block of them.</param>
    /// <param name="importance">How much the square of an error counts, for each.</param>
    /// <param name="codes">The codes.</param>
    /// <returns>The scale and the zero point.</returns>
    public (float Scale, int Zero) Round(ReadOnlySpan<float> w, ReadOnlySpan<double> importance, Span<byte> codes)
    {
        (float low, float high) = (0, 0);
        foreach (float value in w)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        Best best = new() { Error = double.PositiveInfinity, Zero = format.Middle };
        if (format.HasZeroPoints)
        {
            TryRanges(w, importance, low, high, ref best);
        }
        else
        {
            // One more code lies below the middle than above: the larger side may take either.
            float reach = Math.Max(-low, high) / format.Middle;
            foreach (float factor in _factors)
            {
                Try(w, importance, reach * factor, format.Middle, ref best);
                Try(w, importance, -reach * factor, format.Middle, ref best);
            }
        }

        for (int i = 0; i < Refits; i++)
        {
            double error = best.Error;
            Codes(w, best.Scale, best.Zero, codes);
            Try(w, importance, LeastSquares(w, importance, codes, best), best.Zero, ref best);
            if (!(best.Error < error))
            {
                break;
            }
        }

        Codes(w, best.Scale, best.Zero, codes);
        return (best.Scale, best.Zero);
    }

    /// <summary>The code of one value.</summary>
    public byte Code(float value, float scale, int zero) => scale == 0
        ? (byte)zero
        : (byte)Math.Clamp(MathF.Round(value / scale) + zero, 0, format.Levels - 1);

    private static float[] Factors(int bits)
    {
        (float from, float to, int count) = bits switch
        {
            2 => (0.4f, 1.4f, 21),
            4 => (0.6f, 1.2f, 21),
            _ => (0.96f, 1.03f, 8),
        };
        return [1, .. Enumerable.Range(0, count).Select(i => from + ((to - from) * i / (count - 1)))];
    }

    private void TryRanges(
        ReadOnlySpan<float> w, ReadOnlySpan<double> importance, float low, float high, ref Best best)
    {
        (float middle, float half) = ((low + high) / 2, (high - low) / 2);
        foreach (float factor in _factors)
        {
            float scale = 2 * half * factor / (format.Levels - 1);
            int zero = scale == 0 ? 0 : (int)MathF.Round(((half * factor) - middle) / scale);
            for (int z = zero - 1; z <= zero + 1; z++)
            {
                Try(w, importance, scale, Math.Clamp(z, 0, format.Levels - 1), ref best);
            }
        }
    }

    private void Try(
        ReadOnlySpan<float> w, ReadOnlySpan<double> importance, float wanted, int zero, ref Best best)
    {
        float scale = Stored(wanted);
        double error = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double difference = w[i] - (scale * (Code(w[i], scale, zero) - zero));
            error += importance[i] * difference * difference;
        }

        if (error < best.Error)
        {
            best = new Best { Error = error, Scale = scale, Zero = zero };
        }
    }

    private void Codes(ReadOnlySpan<float> w, float scale, int zero, Span<byte> codes)
    {
        for (int i = 0; i < w.Length; i++)
        {
            codes[i] = Code(w[i], scale, zero);
        }
    }

    private static float LeastSquares(
        ReadOnlySpan<float> w, ReadOnlySpan<double> importance, ReadOnlySpan<byte> codes, Best best)
    {
        (double product, double square) = (0, 0);
        for (int i = 0; i < w.Length; i++)
        {
            int level = codes[i] - best.Zero;
            product += importance[i] * w[i] * level;
            square += importance[i] * level * level;
        }

        return square > 0 ? (float)(product / square) : best.Scale;
    }

    private float Stored(float scale) => scales == ScaleType.Float16 ? (float)(Half)scale : scale;

    private struct Best
    {
        public double Error;
        public float Scale;
        public int Zero;
    }
}

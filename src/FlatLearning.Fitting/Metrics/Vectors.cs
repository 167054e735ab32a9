namespace FlatLearning.Fitting.Metrics;

/// <summary>Operations on long float32 vectors; sums in double, in a fixed order.</summary>
internal static class Vectors
{
    /// <summary>a·b.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        (double even, double odd) = (0, 0);
        int i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            even += (double)a[i] * b[i];
            odd += (double)a[i + 1] * b[i + 1];
        }

        return even + odd + (i < a.Length ? (double)a[i] * b[i] : 0);
    }

    /// <summary>a += factor · b.</summary>
    public static void AddScaled(Span<float> a, double factor, ReadOnlySpan<float> b)
    {
        float single = (float)factor;
        for (int i = 0; i < a.Length; i++)
        {
            a[i] += single * b[i];
        }
    }

    /// <summary>a = a · b, element by element.</summary>
    public static void Multiply(Span<float> a, ReadOnlySpan<float> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            a[i] *= b[i];
        }
    }
}

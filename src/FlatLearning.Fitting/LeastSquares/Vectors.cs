using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Fitting.LeastSquares;

/// <summary>
/// Operations on long float32 vectors; sums in float32 over chunks and in double over the chunks, in a fixed order.
/// </summary>
internal static class Vectors
{
    private const int Lanes = 16;

    /// <summary>a·b.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref float x = ref MemoryMarshal.GetReference(a);
        ref float y = ref MemoryMarshal.GetReference(b);
        Vector512<double> low = default, high = default;
        int i = 0;
        for (; i + Lanes <= a.Length; i += Lanes)
        {
            (Vector512<double> x0, Vector512<double> x1) = Vector512.Widen(Vector512.LoadUnsafe(ref x, (nuint)i));
            (Vector512<double> y0, Vector512<double> y1) = Vector512.Widen(Vector512.LoadUnsafe(ref y, (nuint)i));
            low = Vector512.FusedMultiplyAdd(x0, y0, low);
            high = Vector512.FusedMultiplyAdd(x1, y1, high);
        }

        double sum = Vector512.Sum(low + high);
        for (; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Sum of a · b · weights.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i] * weights[i];
        }

        return sum;
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

    /// <summary>a += factor · b · weights, element by element.</summary>
    public static void AddScaled(Span<float> a, double factor, ReadOnlySpan<float> b, ReadOnlySpan<float> weights)
    {
        float single = (float)factor;
        for (int i = 0; i < a.Length; i++)
        {
            a[i] += single * b[i] * weights[i];
        }
    }

    /// <summary>a = factor · a + b.</summary>
    public static void ScaleAdd(Span<float> a, double factor, ReadOnlySpan<float> b)
    {
        float single = (float)factor;
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = (single * a[i]) + b[i];
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

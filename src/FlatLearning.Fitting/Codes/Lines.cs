using System.Numerics;
using System.Runtime.InteropServices;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Vectorised sums over contiguous lines of numbers; the order of summation depends on the vector width alone.
/// </summary>
internal static class Lines
{
    /// <summary>sum a · b over the length of <paramref name="a"/>.</summary>
    public static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : struct, INumber<T>
    {
        ReadOnlySpan<Vector<T>> wideA = MemoryMarshal.Cast<T, Vector<T>>(a);
        ReadOnlySpan<Vector<T>> wideB = MemoryMarshal.Cast<T, Vector<T>>(b[..a.Length]);
        Vector<T> even = Vector<T>.Zero;
        Vector<T> odd = Vector<T>.Zero;
        int i = 0;
        for (; i + 1 < wideA.Length; i += 2)
        {
            even += wideA[i] * wideB[i];
            odd += wideA[i + 1] * wideB[i + 1];
        }

        T sum = Vector.Sum(i < wideA.Length ? even + odd + (wideA[i] * wideB[i]) : even + odd);
        for (i = wideA.Length * Vector<T>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>target += factor · source.</summary>
    public static void AddScaled<T>(Span<T> target, T factor, ReadOnlySpan<T> source)
        where T : struct, INumber<T>
    {
        Span<Vector<T>> wide = MemoryMarshal.Cast<T, Vector<T>>(target);
        ReadOnlySpan<Vector<T>> wideSource = MemoryMarshal.Cast<T, Vector<T>>(source);
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] += wideSource[i] * factor;
        }

        for (int i = wide.Length * Vector<T>.Count; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}

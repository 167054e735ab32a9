using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Numerics;

/// <summary>
/// Dot products. They differ in what they are summed in, and so in their last bits: fits are the same byte for byte on
/// any machine only as long as each keeps to one of them.
/// </summary>
public static class Dot
{
    private const int Lanes = 16;

    /// <summary>Summed in the type of the numbers, over whole vectors of the machine's width.</summary>
    /// <param name="a">As many numbers as are multiplied.</param>
    /// <param name="b">At least as many.</param>
    public static T InType<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
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

    /// <summary>
    /// Numbers of float32 summed in double, sixteen at a time in a fixed order: the same on any machine.
    /// </summary>
    /// <param name="a">As many numbers as are multiplied.</param>
    /// <param name="b">As many.</param>
    public static double InDouble(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref float x = ref MemoryMarshal.GetReference(a);
        ref float y = ref MemoryMarshal.GetReference(b[..a.Length]);
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

    /// <summary>Sum of a · b · weights, in double, one number after the other.</summary>
    public static double InDouble(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i] * weights[i];
        }

        return sum;
    }

    /// <summary>Numbers of double, one after the other.</summary>
    public static double InOrder(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>
    /// Whole registers of sixteen floats, the fastest: summed in float32 within a lane. For lines short enough for it.
    /// </summary>
    /// <param name="a">A multiple of sixteen floats.</param>
    /// <param name="b">As many.</param>
    public static double OfRegisters(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector512<float> sum = default;
        for (int n = 0; n < a.Length; n += Lanes)
        {
            sum = Vector512.FusedMultiplyAdd(
                Vector512.Create(a.Slice(n, Lanes)), Vector512.Create(b.Slice(n, Lanes)), sum);
        }

        return Vector512.Sum(sum);
    }
}

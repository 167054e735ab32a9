using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Numerics;

/// <summary>
/// Sums and products of contiguous lines of numbers, element by element: the same for any width of vectors.
/// Destinations may be one of the sources.
/// </summary>
public static class Lines
{
    private const int Lanes = 16;

    /// <summary>target += factor · source, the product rounded before the sum.</summary>
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

    /// <summary>The same with a factor that is rounded to float32.</summary>
    public static void AddScaled(Span<float> target, double factor, ReadOnlySpan<float> source) =>
        AddScaled(target, (float)factor, source);

    /// <summary>target += factor · source · weights.</summary>
    public static void AddScaled(
        Span<float> target, double factor, ReadOnlySpan<float> source, ReadOnlySpan<float> weights)
    {
        float single = (float)factor;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += single * source[i] * weights[i];
        }
    }

    /// <summary>target = factor · target + source.</summary>
    public static void ScaleAdd(Span<float> target, double factor, ReadOnlySpan<float> source)
    {
        float single = (float)factor;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (single * target[i]) + source[i];
        }
    }

    /// <summary>target = target · factor.</summary>
    public static void Scale(Span<float> target, float factor)
    {
        foreach (ref float value in target)
        {
            value *= factor;
        }
    }

    /// <summary>target = target · source.</summary>
    public static void Multiply(Span<float> target, ReadOnlySpan<float> source)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] *= source[i];
        }
    }

    /// <summary>destination = a + b, of whole registers of sixteen floats.</summary>
    public static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> destination)
    {
        for (int n = 0; n < a.Length; n += Lanes)
        {
            (Load(a, n) + Load(b, n)).CopyTo(destination.Slice(n, Lanes));
        }
    }

    /// <summary>destination = a · b, of whole registers.</summary>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> destination)
    {
        for (int n = 0; n < a.Length; n += Lanes)
        {
            (Load(a, n) * Load(b, n)).CopyTo(destination.Slice(n, Lanes));
        }
    }

    /// <summary>destination = (a - b) · c, of whole registers.</summary>
    public static void SubtractMultiply(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> destination)
    {
        for (int n = 0; n < a.Length; n += Lanes)
        {
            ((Load(a, n) - Load(b, n)) * Load(c, n)).CopyTo(destination.Slice(n, Lanes));
        }
    }

    /// <summary>destination = (a - b) · c for a scalar b, of whole registers.</summary>
    public static void SubtractMultiply(ReadOnlySpan<float> a, float b, ReadOnlySpan<float> c, Span<float> destination)
    {
        Vector512<float> same = Vector512.Create(b);
        for (int n = 0; n < a.Length; n += Lanes)
        {
            ((Load(a, n) - same) * Load(c, n)).CopyTo(destination.Slice(n, Lanes));
        }
    }

    /// <summary>destination += factor · a, of whole registers, rounded once.</summary>
    public static void AddScaledFused(ReadOnlySpan<float> a, float factor, Span<float> destination)
    {
        Vector512<float> scale = Vector512.Create(factor);
        for (int n = 0; n < a.Length; n += Lanes)
        {
            Vector512.FusedMultiplyAdd(scale, Load(a, n), Load(destination, n)).CopyTo(destination.Slice(n, Lanes));
        }
    }

    private static Vector512<float> Load(ReadOnlySpan<float> line, int n) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(line.Slice(n, Lanes)));
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Operations on float32 lines of whole registers, <see cref="DistanceSide.Lanes"/> floats each; destinations may be
/// one of the sources.
/// </summary>
internal static class Lines
{
    private const int Lanes = DistanceSide.Lanes;

    /// <summary>a·b; the sum is float32 within a lane.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector512<float> sum = default;
        for (int n = 0; n < a.Length; n += Lanes)
        {
            sum = Vector512.FusedMultiplyAdd(Load(a, n), Load(b, n), sum);
        }

        return Vector512.Sum(sum);
    }

    /// <summary>destination = a + b.</summary>
    public static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> destination)
    {
        for (int n = 0; n < a.Length; n += Lanes)
        {
            (Load(a, n) + Load(b, n)).CopyTo(destination.Slice(n, Lanes));
        }
    }

    /// <summary>destination = (a - b) · c.</summary>
    public static void SubtractMultiply(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> destination)
    {
        for (int n = 0; n < a.Length; n += Lanes)
        {
            ((Load(a, n) - Load(b, n)) * Load(c, n)).CopyTo(destination.Slice(n, Lanes));
        }
    }

    /// <summary>destination = (a - b) · c for a scalar b.</summary>
    public static void SubtractMultiply(ReadOnlySpan<float> a, float b, ReadOnlySpan<float> c, Span<float> destination)
    {
        Vector512<float> same = Vector512.Create(b);
        for (int n = 0; n < a.Length; n += Lanes)
        {
            ((Load(a, n) - same) * Load(c, n)).CopyTo(destination.Slice(n, Lanes));
        }
    }

    /// <summary>destination = a · b.</summary>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> destination)
    {
        for (int n = 0; n < a.Length; n += Lanes)
        {
            (Load(a, n) * Load(b, n)).CopyTo(destination.Slice(n, Lanes));
        }
    }

    /// <summary>destination += factor · a.</summary>
    public static void AddScaled(ReadOnlySpan<float> a, float factor, Span<float> destination)
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

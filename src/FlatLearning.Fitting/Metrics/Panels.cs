using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// Products of a small weight matrix with panels [items, length], length a multiple of 16, in float32.
/// </summary>
internal static class Panels
{
    private const int Lanes = 16;
    private const int Chunk = 4 * Lanes;

    /// <summary>output[f, :] (+)= sum_i weights[f, i] · panel[i, :], adding to what is there.</summary>
    public static void AddProduct(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> panel, Span<float> output, int inner, int length)
    {
        for (int o = 0; o < output.Length / length; o++)
        {
            Span<float> target = output.Slice(o * length, length);
            ReadOnlySpan<float> own = weights.Slice(o * inner, inner);
            int n = 0;
            for (; n + Chunk <= length; n += Chunk)
            {
                ref float t = ref target[n];
                Vector512<float> s0 = Vector512.LoadUnsafe(ref t);
                Vector512<float> s1 = Vector512.LoadUnsafe(ref t, Lanes);
                Vector512<float> s2 = Vector512.LoadUnsafe(ref t, 2 * Lanes);
                Vector512<float> s3 = Vector512.LoadUnsafe(ref t, 3 * Lanes);
                for (int i = 0; i < inner; i++)
                {
                    Vector512<float> w = Vector512.Create(own[i]);
                    ref readonly float p = ref panel[(i * length) + n];
                    s0 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(in p), s0);
                    s1 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(in p, Lanes), s1);
                    s2 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(in p, 2 * Lanes), s2);
                    s3 = Vector512.FusedMultiplyAdd(w, Vector512.LoadUnsafe(in p, 3 * Lanes), s3);
                }

                s0.StoreUnsafe(ref t);
                s1.StoreUnsafe(ref t, Lanes);
                s2.StoreUnsafe(ref t, 2 * Lanes);
                s3.StoreUnsafe(ref t, 3 * Lanes);
            }

            for (; n < length; n += Lanes)
            {
                ref float t = ref target[n];
                Vector512<float> sum = Vector512.LoadUnsafe(ref t);
                for (int i = 0; i < inner; i++)
                {
                    sum = Vector512.FusedMultiplyAdd(
                        Vector512.Create(own[i]), Vector512.LoadUnsafe(in panel[(i * length) + n]), sum);
                }

                sum.StoreUnsafe(ref t);
            }
        }
    }

    /// <summary>output[f, i] += sum over the length of left[f, :] · right[i, :].</summary>
    public static void AddInner(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> output, int length)
    {
        int columns = right.Length / length;
        for (int f = 0; f < left.Length / length; f++)
        {
            ref float a = ref MemoryMarshal.GetReference(left.Slice(f * length, length));
            for (int i = 0; i < columns; i++)
            {
                ref float b = ref MemoryMarshal.GetReference(right.Slice(i * length, length));
                Vector512<float> sum = Vector512<float>.Zero;
                for (int n = 0; n < length; n += Lanes)
                {
                    sum = Vector512.FusedMultiplyAdd(
                        Vector512.LoadUnsafe(ref a, (nuint)n), Vector512.LoadUnsafe(ref b, (nuint)n), sum);
                }

                output[(f * columns) + i] += Vector512.Sum(sum);
            }
        }
    }

}

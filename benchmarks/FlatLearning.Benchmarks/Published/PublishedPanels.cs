using System.Runtime.Intrinsics;

namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// Products with panels [items, length], length a multiple of 16. The baseline has its own, so that a change of the
/// engine does not change what the engine is compared with.
/// </summary>
internal static class PublishedPanels
{
    private const int Lanes = AlignedArray.Lanes;
    private const int Chunk = 4 * Lanes;

    /// <summary>
    /// output[o, :] = start + sum_t weight(o, t) · panel[t, :] for the outputs [first, last), where weight(o, t) is
    /// weights[weightsAt + o · outputStride + t · termStride].
    /// </summary>
    public static void Product(
        PanelWeights weights, AlignedArray panel, int panelAt, AlignedArray output, int outputAt, int length,
        Range outputs)
    {
        for (int o = outputs.Start.Value; o < outputs.End.Value; o++)
        {
            int w = weights.At + (o * weights.OutputStride);
            Vector512<float> start = Vector512.Create(weights.StartOf(o));
            int n = 0;
            for (; n + Chunk <= length; n += Chunk)
            {
                (Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3) =
                    (start, start, start, start);
                for (int t = 0; t < weights.Terms; t++)
                {
                    Vector512<float> weight = Vector512.Create(weights.Values.At(w + (t * weights.TermStride)));
                    ref float p = ref panel.At(panelAt + (t * length) + n);
                    s0 = Vector512.FusedMultiplyAdd(weight, Vector512.LoadUnsafe(ref p), s0);
                    s1 = Vector512.FusedMultiplyAdd(weight, Vector512.LoadUnsafe(ref p, Lanes), s1);
                    s2 = Vector512.FusedMultiplyAdd(weight, Vector512.LoadUnsafe(ref p, 2 * Lanes), s2);
                    s3 = Vector512.FusedMultiplyAdd(weight, Vector512.LoadUnsafe(ref p, 3 * Lanes), s3);
                }

                ref float to = ref output.At(outputAt + (o * length) + n);
                s0.StoreUnsafe(ref to);
                s1.StoreUnsafe(ref to, Lanes);
                s2.StoreUnsafe(ref to, 2 * Lanes);
                s3.StoreUnsafe(ref to, 3 * Lanes);
            }

            for (; n < length; n += Lanes)
            {
                Vector512<float> sum = start;
                for (int t = 0; t < weights.Terms; t++)
                {
                    sum = Vector512.FusedMultiplyAdd(
                        Vector512.Create(weights.Values.At(w + (t * weights.TermStride))),
                        Vector512.LoadUnsafe(ref panel.At(panelAt + (t * length) + n)), sum);
                }

                sum.StoreUnsafe(ref output.At(outputAt + (o * length) + n));
            }
        }
    }

    /// <summary>
    /// output[i] = sum over the length of left[leftAt..] · right[rightAt + i · length ..] for i below the output's
    /// length, four at a time.
    /// </summary>
    public static void Inner(
        AlignedArray left, int leftAt, AlignedArray right, int rightAt, int length, Span<float> output)
    {
        int i = 0;
        for (; i + 4 <= output.Length; i += 4)
        {
            (Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3) =
                (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
            ref float r = ref right.At(rightAt + (i * length));
            for (int n = 0; n < length; n += Lanes)
            {
                Vector512<float> l = Vector512.LoadUnsafe(ref left.At(leftAt + n));
                s0 = Vector512.FusedMultiplyAdd(l, Vector512.LoadUnsafe(ref r, (nuint)n), s0);
                s1 = Vector512.FusedMultiplyAdd(l, Vector512.LoadUnsafe(ref r, (nuint)(n + length)), s1);
                s2 = Vector512.FusedMultiplyAdd(l, Vector512.LoadUnsafe(ref r, (nuint)(n + (2 * length))), s2);
                s3 = Vector512.FusedMultiplyAdd(l, Vector512.LoadUnsafe(ref r, (nuint)(n + (3 * length))), s3);
            }

            (output[i], output[i + 1], output[i + 2], output[i + 3]) =
                (Vector512.Sum(s0), Vector512.Sum(s1), Vector512.Sum(s2), Vector512.Sum(s3));
        }

        for (; i < output.Length; i++)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int n = 0; n < length; n += Lanes)
            {
                sum = Vector512.FusedMultiplyAdd(
                    Vector512.LoadUnsafe(ref left.At(leftAt + n)),
                    Vector512.LoadUnsafe(ref right.At(rightAt + (i * length) + n)),
                    sum);
            }

            output[i] = Vector512.Sum(sum);
        }
    }
}

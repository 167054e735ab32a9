using System.Runtime.Intrinsics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Products of small matrices with panels in blocks of 16 columns, [items, 16] each and 64-byte aligned, in float32.
/// </summary>
internal static unsafe class BlockProducts
{
    private const int Lanes = RiemShape.Lanes;

    /// <summary>
    /// output[o, :] += sum over i of weights[o, i] · panel[i, :] for one block: weights [outputs, inner], panel [inner,
    /// 16], output [outputs, 16].
    /// </summary>
    public static void AddProduct(float* weights, float* panel, float* output, int outputs, int inner)
    {
        int o = 0;
        for (; o + 8 <= outputs; o += 8)
        {
            // Eight sums hide the latency of a fused multiply-add on two ports.
            float* to = output + (o * Lanes);
            Vector512<float> s0 = Vector512.Load(to), s1 = Vector512.Load(to + 16), s2 = Vector512.Load(to + 32),
                s3 = Vector512.Load(to + 48);
            Vector512<float> s4 = Vector512.Load(to + 64), s5 = Vector512.Load(to + 80), s6 = Vector512.Load(to + 96),
                s7 = Vector512.Load(to + 112);
            float* w0 = weights + (o * inner);
            float* w4 = w0 + (4 * inner);
            for (int i = 0; i < inner; i++)
            {
                Vector512<float> p = Vector512.Load(panel + (i * Lanes));
                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(w0[i]), p, s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Create(w0[i + inner]), p, s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Create(w0[i + (2 * inner)]), p, s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Create(w0[i + (3 * inner)]), p, s3);
                s4 = Vector512.FusedMultiplyAdd(Vector512.Create(w4[i]), p, s4);
                s5 = Vector512.FusedMultiplyAdd(Vector512.Create(w4[i + inner]), p, s5);
                s6 = Vector512.FusedMultiplyAdd(Vector512.Create(w4[i + (2 * inner)]), p, s6);
                s7 = Vector512.FusedMultiplyAdd(Vector512.Create(w4[i + (3 * inner)]), p, s7);
            }

            s0.Store(to);
            s1.Store(to + 16);
            s2.Store(to + 32);
            s3.Store(to + 48);
            s4.Store(to + 64);
            s5.Store(to + 80);
            s6.Store(to + 96);
            s7.Store(to + 112);
        }

        for (; o < outputs; o++)
        {
            float* w = weights + (o * inner);
            Vector512<float> even = Vector512.Load(output + (o * Lanes));
            Vector512<float> odd = Vector512<float>.Zero;
            int i = 0;
            for (; i + 1 < inner; i += 2)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Create(w[i]), Vector512.Load(panel + (i * Lanes)), even);
                odd = Vector512.FusedMultiplyAdd(
                    Vector512.Create(w[i + 1]), Vector512.Load(panel + ((i + 1) * Lanes)), odd);
            }

            if (i < inner)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Create(w[i]), Vector512.Load(panel + (i * Lanes)), even);
            }

            (even + odd).Store(output + (o * Lanes));
        }
    }

    /// <summary>
    /// output[f, i] += sum over the blocks and their lanes of left[block, f, :] · right[block, i, :], for features from
    /// <paramref name="first"/> to <paramref name="end"/>; left [blocks, features, 16], right [blocks, inner, 16],
    /// output [features, inner].
    /// </summary>
    public static void AddInner(
        float* left, float* right, float* output, int blocks, int features, int inner, int first, int end)
    {
        for (int f = first; f < end; f += 4)
        {
            for (int i = 0; i < inner; i += 4)
            {
                if (f + 4 <= end && i + 4 <= inner)
                {
                    AddInner4(
                        left + (f * Lanes), right + (i * Lanes), output + (f * inner) + i, blocks, features * Lanes,
                        inner);
                    continue;
                }

                for (int g = f; g < Math.Min(f + 4, end); g++)
                {
                    for (int j = i; j < Math.Min(i + 4, inner); j++)
                    {
                        Vector512<float> sum = Vector512<float>.Zero;
                        for (int b = 0; b < blocks; b++)
                        {
                            sum = Vector512.FusedMultiplyAdd(
                                Vector512.Load(left + (((b * features) + g) * Lanes)),
                                Vector512.Load(right + (((b * inner) + j) * Lanes)),
                                sum);
                        }

                        output[(g * inner) + j] += Vector512.Sum(sum);
                    }
                }
            }
        }
    }

    private static void AddInner4(float* left, float* right, float* output, int blocks, int leftStride, int inner)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<float> s30 = default, s31 = default, s32 = default, s33 = default;
        for (int b = 0; b < blocks; b++)
        {
            Vector512<float> r0 = Vector512.Load(right), r1 = Vector512.Load(right + 16),
                r2 = Vector512.Load(right + 32), r3 = Vector512.Load(right + 48);
            Vector512<float> l = Vector512.Load(left);
            s00 = Vector512.FusedMultiplyAdd(l, r0, s00);
            s01 = Vector512.FusedMultiplyAdd(l, r1, s01);
            s02 = Vector512.FusedMultiplyAdd(l, r2, s02);
            s03 = Vector512.FusedMultiplyAdd(l, r3, s03);
            l = Vector512.Load(left + 16);
            s10 = Vector512.FusedMultiplyAdd(l, r0, s10);
            s11 = Vector512.FusedMultiplyAdd(l, r1, s11);
            s12 = Vector512.FusedMultiplyAdd(l, r2, s12);
            s13 = Vector512.FusedMultiplyAdd(l, r3, s13);
            l = Vector512.Load(left + 32);
            s20 = Vector512.FusedMultiplyAdd(l, r0, s20);
            s21 = Vector512.FusedMultiplyAdd(l, r1, s21);
            s22 = Vector512.FusedMultiplyAdd(l, r2, s22);
            s23 = Vector512.FusedMultiplyAdd(l, r3, s23);
            l = Vector512.Load(left + 48);
            s30 = Vector512.FusedMultiplyAdd(l, r0, s30);
            s31 = Vector512.FusedMultiplyAdd(l, r1, s31);
            s32 = Vector512.FusedMultiplyAdd(l, r2, s32);
            s33 = Vector512.FusedMultiplyAdd(l, r3, s33);
            left += leftStride;
            right += inner * Lanes;
        }

        AddSums(output, s00, s01, s02, s03);
        AddSums(output + inner, s10, s11, s12, s13);
        AddSums(output + (2 * inner), s20, s21, s22, s23);
        AddSums(output + (3 * inner), s30, s31, s32, s33);
    }

    private static void AddSums(
        float* to, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        to[0] += Vector512.Sum(a);
        to[1] += Vector512.Sum(b);
        to[2] += Vector512.Sum(c);
        to[3] += Vector512.Sum(d);
    }
}

using FlatLearning.Numerics.Lanes;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>
/// The multiplication of one decoded tile: blocks of four rows by two registers, eight sums in registers while the inputs
/// run; single rows by four registers. Each sum adds its inputs in order, whatever block it is computed in.
/// </summary>
internal static unsafe class TileProduct<TLanes, TVector>
    where TLanes : struct, IFloatLanes<TVector>
    where TVector : struct
{
    /// <inheritdoc cref="MicroKernel.Accumulate"/>
    public static void Accumulate(float* x, long xStride, int rows, float* tile, int stride, int inputs, float* sums)
    {
        int row = 0;
        for (; row <= rows - 4; row += 4)
        {
            float* from = x + (row * xStride);
            float* to = sums + ((long)row * stride);
            int column = 0;
            for (; column <= stride - (2 * TLanes.Count); column += 2 * TLanes.Count)
            {
                FourByTwo(from, xStride, tile + column, stride, inputs, to + column);
            }

            for (; column < stride; column += TLanes.Count)
            {
                for (int i = 0; i < 4; i++)
                {
                    OneByOne(from + (i * xStride), tile + column, stride, inputs, to + ((long)i * stride) + column);
                }
            }
        }

        for (; row < rows; row++)
        {
            float* from = x + (row * xStride);
            float* to = sums + ((long)row * stride);
            int column = 0;
            for (; column <= stride - (4 * TLanes.Count); column += 4 * TLanes.Count)
            {
                OneByFour(from, tile + column, stride, inputs, to + column);
            }

            for (; column < stride; column += TLanes.Count)
            {
                OneByOne(from, tile + column, stride, inputs, to + column);
            }
        }
    }

    private static void FourByTwo(float* x, long xStride, float* tile, int stride, int inputs, float* sums)
    {
        int lanes = TLanes.Count;
        float* x1 = x + xStride;
        float* x2 = x1 + xStride;
        float* x3 = x2 + xStride;
        float* s1 = sums + stride;
        float* s2 = s1 + stride;
        float* s3 = s2 + stride;
        TVector a0 = TLanes.Load(in *sums), b0 = TLanes.Load(in *(sums + lanes));
        TVector a1 = TLanes.Load(in *s1), b1 = TLanes.Load(in *(s1 + lanes));
        TVector a2 = TLanes.Load(in *s2), b2 = TLanes.Load(in *(s2 + lanes));
        TVector a3 = TLanes.Load(in *s3), b3 = TLanes.Load(in *(s3 + lanes));
        for (int k = 0; k < inputs; k++, tile += stride)
        {
            TVector a = TLanes.Load(in *tile);
            TVector b = TLanes.Load(in *(tile + lanes));
            TVector f = TLanes.Broadcast(x[k]);
            a0 = TLanes.MultiplyAdd(f, a, a0);
            b0 = TLanes.MultiplyAdd(f, b, b0);
            f = TLanes.Broadcast(x1[k]);
            a1 = TLanes.MultiplyAdd(f, a, a1);
            b1 = TLanes.MultiplyAdd(f, b, b1);
            f = TLanes.Broadcast(x2[k]);
            a2 = TLanes.MultiplyAdd(f, a, a2);
            b2 = TLanes.MultiplyAdd(f, b, b2);
            f = TLanes.Broadcast(x3[k]);
            a3 = TLanes.MultiplyAdd(f, a, a3);
            b3 = TLanes.MultiplyAdd(f, b, b3);
        }

        TLanes.Store(a0, ref *sums);
        TLanes.Store(b0, ref *(sums + lanes));
        TLanes.Store(a1, ref *s1);
        TLanes.Store(b1, ref *(s1 + lanes));
        TLanes.Store(a2, ref *s2);
        TLanes.Store(b2, ref *(s2 + lanes));
        TLanes.Store(a3, ref *s3);
        TLanes.Store(b3, ref *(s3 + lanes));
    }

    private static void OneByFour(float* x, float* tile, int stride, int inputs, float* sums)
    {
        int lanes = TLanes.Count;
        TVector a = TLanes.Load(in *sums);
        TVector b = TLanes.Load(in *(sums + lanes));
        TVector c = TLanes.Load(in *(sums + (2 * lanes)));
        TVector d = TLanes.Load(in *(sums + (3 * lanes)));
        for (int k = 0; k < inputs; k++, tile += stride)
        {
            TVector f = TLanes.Broadcast(x[k]);
            a = TLanes.MultiplyAdd(f, TLanes.Load(in *tile), a);
            b = TLanes.MultiplyAdd(f, TLanes.Load(in *(tile + lanes)), b);
            c = TLanes.MultiplyAdd(f, TLanes.Load(in *(tile + (2 * lanes))), c);
            d = TLanes.MultiplyAdd(f, TLanes.Load(in *(tile + (3 * lanes))), d);
        }

        TLanes.Store(a, ref *sums);
        TLanes.Store(b, ref *(sums + lanes));
        TLanes.Store(c, ref *(sums + (2 * lanes)));
        TLanes.Store(d, ref *(sums + (3 * lanes)));
    }

    private static void OneByOne(float* x, float* tile, int stride, int inputs, float* sums)
    {
        TVector sum = TLanes.Load(in *sums);
        for (int k = 0; k < inputs; k++, tile += stride)
        {
            sum = TLanes.MultiplyAdd(TLanes.Broadcast(x[k]), TLanes.Load(in *tile), sum);
        }

        TLanes.Store(sum, ref *sums);
    }
}

using System.Runtime.CompilerServices;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// x · panel for up to six rows and four registers of columns, all sums in registers while the inputs run: 24 sums, the
/// registers of one input and one broadcast fill 29 of 32 registers; with two registers of columns, 15 of 16. Each sum
/// adds its inputs in order; those of a single row, which would wait for each other, first the even ones and the odd
/// ones of a panel.
/// </summary>
internal static unsafe class RegisterTile<TLanes, TVector, TRows, TVectors>
    where TLanes : struct, IFloatLanes<TVector>
    where TVector : struct
    where TRows : unmanaged, ICount
    where TVectors : unmanaged, ICount
{
    /// <summary>Adds the product of one block of registers.</summary>
    /// <param name="x">[rows, xStride], of which the first <paramref name="inputs"/> of each row are used.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="panel">[inputs, stride].</param>
    /// <param name="stride">Floats from one input to the next.</param>
    /// <param name="inputs">Rows of the panel.</param>
    /// <param name="sums">What is added, and where the sums go.</param>
    public static void Accumulate(float* x, nint xStride, float* panel, nint stride, int inputs, in TileSums sums)
    {
        // Two base addresses, each with its row at once and twice the stride beyond, keep the addresses of six rows in
        // registers.
        nint twice = 2 * xStride;
        float* low = x;
        float* high = x + (3 * xStride);
        TVector zero = TLanes.Broadcast(0f);
        TVector a0 = zero, a1 = zero, a2 = zero, a3 = zero;
        TVector b0 = zero, b1 = zero, b2 = zero, b3 = zero;
        TVector c0 = zero, c1 = zero, c2 = zero, c3 = zero;
        TVector d0 = zero, d1 = zero, d2 = zero, d3 = zero;
        TVector e0 = zero, e1 = zero, e2 = zero, e3 = zero;
        TVector f0 = zero, f1 = zero, f2 = zero, f3 = zero;

        int k = 0;
        if (sizeof(TRows) == 1)
        {
            for (; k < inputs - 1; k += 2, low += 2, panel += 2 * stride)
            {
                TVector even = TLanes.Broadcast(*low);
                TVector odd = TLanes.Broadcast(low[1]);
                float* next = panel + stride;
                a0 = TLanes.MultiplyAdd(even, TLanes.Load(in *panel), a0);
                b0 = TLanes.MultiplyAdd(odd, TLanes.Load(in *next), b0);
                a1 = sizeof(TVectors) <= 1
                    ? zero
                    : TLanes.MultiplyAdd(even, TLanes.Load(in *(panel + TLanes.Count)), a1);
                b1 = sizeof(TVectors) <= 1 ? zero : TLanes.MultiplyAdd(odd, TLanes.Load(in *(next + TLanes.Count)), b1);
                a2 = sizeof(TVectors) <= 2
                    ? zero
                    : TLanes.MultiplyAdd(even, TLanes.Load(in *(panel + (2 * TLanes.Count))), a2);
                b2 = sizeof(TVectors) <= 2
                    ? zero
                    : TLanes.MultiplyAdd(odd, TLanes.Load(in *(next + (2 * TLanes.Count))), b2);
                a3 = sizeof(TVectors) <= 3
                    ? zero
                    : TLanes.MultiplyAdd(even, TLanes.Load(in *(panel + (3 * TLanes.Count))), a3);
                b3 = sizeof(TVectors) <= 3
                    ? zero
                    : TLanes.MultiplyAdd(odd, TLanes.Load(in *(next + (3 * TLanes.Count))), b3);
            }

            a0 = TLanes.Add(a0, b0);
            a1 = TLanes.Add(a1, b1);
            a2 = TLanes.Add(a2, b2);
            a3 = TLanes.Add(a3, b3);
        }

        for (; k < inputs; k++, low++, high++, panel += stride)
        {
            TVector p0 = TLanes.Load(in *panel);
            TVector p1 = sizeof(TVectors) > 1 ? TLanes.Load(in *(panel + TLanes.Count)) : zero;
            TVector p2 = sizeof(TVectors) > 2 ? TLanes.Load(in *(panel + (2 * TLanes.Count))) : zero;
            TVector p3 = sizeof(TVectors) > 3 ? TLanes.Load(in *(panel + (3 * TLanes.Count))) : zero;
            TVector factor0 = TLanes.Broadcast(*low);
            a0 = TLanes.MultiplyAdd(factor0, p0, a0);
            a1 = sizeof(TVectors) <= 1 ? zero : TLanes.MultiplyAdd(factor0, p1, a1);
            a2 = sizeof(TVectors) <= 2 ? zero : TLanes.MultiplyAdd(factor0, p2, a2);
            a3 = sizeof(TVectors) <= 3 ? zero : TLanes.MultiplyAdd(factor0, p3, a3);

            if (sizeof(TRows) > 1)
            {
                TVector factor1 = TLanes.Broadcast(low[xStride]);
                b0 = TLanes.MultiplyAdd(factor1, p0, b0);
                b1 = sizeof(TVectors) <= 1 ? zero : TLanes.MultiplyAdd(factor1, p1, b1);
                b2 = sizeof(TVectors) <= 2 ? zero : TLanes.MultiplyAdd(factor1, p2, b2);
                b3 = sizeof(TVectors) <= 3 ? zero : TLanes.MultiplyAdd(factor1, p3, b3);
            }

            if (sizeof(TRows) > 2)
            {
                TVector factor2 = TLanes.Broadcast(low[twice]);
                c0 = TLanes.MultiplyAdd(factor2, p0, c0);
                c1 = sizeof(TVectors) <= 1 ? zero : TLanes.MultiplyAdd(factor2, p1, c1);
                c2 = sizeof(TVectors) <= 2 ? zero : TLanes.MultiplyAdd(factor2, p2, c2);
                c3 = sizeof(TVectors) <= 3 ? zero : TLanes.MultiplyAdd(factor2, p3, c3);
            }

            if (sizeof(TRows) > 3)
            {
                TVector factor3 = TLanes.Broadcast(*high);
                d0 = TLanes.MultiplyAdd(factor3, p0, d0);
                d1 = sizeof(TVectors) <= 1 ? zero : TLanes.MultiplyAdd(factor3, p1, d1);
                d2 = sizeof(TVectors) <= 2 ? zero : TLanes.MultiplyAdd(factor3, p2, d2);
                d3 = sizeof(TVectors) <= 3 ? zero : TLanes.MultiplyAdd(factor3, p3, d3);
            }

            if (sizeof(TRows) > 4)
            {
                TVector factor4 = TLanes.Broadcast(high[xStride]);
                e0 = TLanes.MultiplyAdd(factor4, p0, e0);
                e1 = sizeof(TVectors) <= 1 ? zero : TLanes.MultiplyAdd(factor4, p1, e1);
                e2 = sizeof(TVectors) <= 2 ? zero : TLanes.MultiplyAdd(factor4, p2, e2);
                e3 = sizeof(TVectors) <= 3 ? zero : TLanes.MultiplyAdd(factor4, p3, e3);
            }

            if (sizeof(TRows) > 5)
            {
                TVector factor5 = TLanes.Broadcast(high[twice]);
                f0 = TLanes.MultiplyAdd(factor5, p0, f0);
                f1 = sizeof(TVectors) <= 1 ? zero : TLanes.MultiplyAdd(factor5, p1, f1);
                f2 = sizeof(TVectors) <= 2 ? zero : TLanes.MultiplyAdd(factor5, p2, f2);
                f3 = sizeof(TVectors) <= 3 ? zero : TLanes.MultiplyAdd(factor5, p3, f3);
            }
        }

        float* before = sums.Before;
        float* target = sums.Target;
        float* scale = sums.Scale;
        float* bias = sums.Bias;
        nint below = sums.BeforeStride;
        nint beyond = sums.TargetStride;
        End(before, scale, bias, target, a0, a1, a2, a3);
        if (sizeof(TRows) > 1)
        {
            End(before + (1 * below), scale, bias, target + (1 * beyond), b0, b1, b2, b3);
        }

        if (sizeof(TRows) > 2)
        {
            End(before + (2 * below), scale, bias, target + (2 * beyond), c0, c1, c2, c3);
        }

        if (sizeof(TRows) > 3)
        {
            End(before + (3 * below), scale, bias, target + (3 * beyond), d0, d1, d2, d3);
        }

        if (sizeof(TRows) > 4)
        {
            End(before + (4 * below), scale, bias, target + (4 * beyond), e0, e1, e2, e3);
        }

        if (sizeof(TRows) > 5)
        {
            End(before + (5 * below), scale, bias, target + (5 * beyond), f0, f1, f2, f3);
        }
    }

    // Sums of inputs before are added here: a running sum that is loaded first would keep the loop waiting for the
    // panel before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(
        float* before, float* scale, float* bias, float* target, TVector v0, TVector v1, TVector v2, TVector v3)
    {
        if (before is not null)
        {
            v0 = TLanes.Add(TLanes.Load(in *before), v0);
            v1 = sizeof(TVectors) > 1 ? TLanes.Add(TLanes.Load(in *(before + TLanes.Count)), v1) : v1;
            v2 = sizeof(TVectors) > 2 ? TLanes.Add(TLanes.Load(in *(before + (2 * TLanes.Count))), v2) : v2;
            v3 = sizeof(TVectors) > 3 ? TLanes.Add(TLanes.Load(in *(before + (3 * TLanes.Count))), v3) : v3;
        }

        if (scale is not null)
        {
            v0 = Finished(scale, bias, v0);
            v1 = sizeof(TVectors) > 1 ? Finished(scale + TLanes.Count, bias + TLanes.Count, v1) : v1;
            v2 = sizeof(TVectors) > 2 ? Finished(scale + (2 * TLanes.Count), bias + (2 * TLanes.Count), v2) : v2;
            v3 = sizeof(TVectors) > 3 ? Finished(scale + (3 * TLanes.Count), bias + (3 * TLanes.Count), v3) : v3;
        }

        TLanes.Store(v0, ref *target);
        if (sizeof(TVectors) > 1)
        {
            TLanes.Store(v1, ref *(target + TLanes.Count));
        }

        if (sizeof(TVectors) > 2)
        {
            TLanes.Store(v2, ref *(target + (2 * TLanes.Count)));
        }

        if (sizeof(TVectors) > 3)
        {
            TLanes.Store(v3, ref *(target + (3 * TLanes.Count)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Finished(float* scale, float* bias, TVector value) =>
        TLanes.MultiplyAdd(value, TLanes.Load(in *scale), TLanes.Load(in *bias));
}

using System.Runtime.CompilerServices;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.CustomOps.Kernels.Panels;

/// <summary>
/// sums += x · panel for up to six rows and four registers of columns, all sums in registers while the inputs run: 24 sums, the registers of one
/// input and one broadcast fill 29 of 32 registers; with two registers of columns, 15 of 16. Each sum adds its inputs in order.
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
    /// <param name="stride">Floats from one input to the next, and from one row of sums to the next.</param>
    /// <param name="inputs">Rows of the panel.</param>
    /// <param name="sums">[rows, stride].</param>
    public static void Accumulate(float* x, nint xStride, float* panel, nint stride, int inputs, float* sums)
    {
        // Two base addresses, each with its row at once and twice the stride beyond, keep the addresses of six rows in registers.
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

        for (int k = 0; k < inputs; k++, low++, high++, panel += stride)
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

        Add(sums, a0, a1, a2, a3);
        if (sizeof(TRows) > 1)
        {
            Add(sums + (1 * stride), b0, b1, b2, b3);
        }

        if (sizeof(TRows) > 2)
        {
            Add(sums + (2 * stride), c0, c1, c2, c3);
        }

        if (sizeof(TRows) > 3)
        {
            Add(sums + (3 * stride), d0, d1, d2, d3);
        }

        if (sizeof(TRows) > 4)
        {
            Add(sums + (4 * stride), e0, e1, e2, e3);
        }

        if (sizeof(TRows) > 5)
        {
            Add(sums + (5 * stride), f0, f1, f2, f3);
        }
    }

    // Added at the end: a running sum that is loaded first would keep the loop waiting for the sums of the panel before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sums, TVector v0, TVector v1, TVector v2, TVector v3)
    {
        Add(sums, v0);
        if (sizeof(TVectors) > 1)
        {
            Add(sums + TLanes.Count, v1);
        }

        if (sizeof(TVectors) > 2)
        {
            Add(sums + (2 * TLanes.Count), v2);
        }

        if (sizeof(TVectors) > 3)
        {
            Add(sums + (3 * TLanes.Count), v3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sums, TVector value) => TLanes.Store(TLanes.Add(TLanes.Load(in *sums), value), ref *sums);
}

using System.Runtime.Intrinsics.X86;
using FlatLearning.CustomOps.Kernels.Bands;
using FlatLearning.CustomOps.Kernels.Bytes;
using FlatLearning.CustomOps.Kernels.FixedPoint;
using FlatLearning.CustomOps.Kernels.Fused;
using FlatLearning.CustomOps.Kernels.Metrics;
using FlatLearning.CustomOps.Kernels.Nibbles;
using FlatLearning.CustomOps.Kernels.Orders;
using FlatLearning.CustomOps.Kernels.Panels;
using FlatLearning.CustomOps.Kernels.Sparse;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>
/// y = x · W + bias with sums in float32: row scales go onto x or into the panels, column scales onto the sums.
/// </summary>
internal static unsafe class FloatProduct
{
    /// <summary>Computes rows of y.</summary>
    /// <typeparam name="T">The element type of x and y.</typeparam>
    /// <param name="context">Lends the host's threads.</param>
    /// <param name="weight">W and bias.</param>
    /// <param name="x">[rows, K].</param>
    /// <param name="y">[rows, N], overwritten.</param>
    /// <param name="rows">1 or more.</param>
    public static void Run<T>(KernelContext context, PreparedWeight weight, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        if (weight.Sparse is { } elements)
        {
            SparseRun.Run<T>(context, weight, elements, x, y, rows);
            return;
        }

        if (Avx512DQ.IsSupported && weight.Banded is { } bands)
        {
            BandProduct.Run<T>(context, weight, bands, x, y, rows);
            return;
        }

        if (weight.Order is { } order)
        {
            OrderedProduct.Run<T>(context, weight, order, x, y, rows);
            return;
        }

        InOrder<T>(context, weight, x, y, rows);
    }

    /// <summary>Computes rows of y for x and y in the weight's own order.</summary>
    public static void InOrder<T>(KernelContext context, PreparedWeight weight, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        if (weight.Metric is { } metric && metric.Serves(rows))
        {
            MetricRun.Run<T>(context, weight, metric, x, y, rows);
            return;
        }

        if (Avx512BW.IsSupported && weight.Fixed is { } words && rows <= words.MaxRows)
        {
            FixedProduct.Run<T>(context, weight, words, x, y, (int)rows);
            return;
        }

        if (rows < weight.FirstKeptRows && TryCodes<T>(context, weight, x, y, rows))
        {
            return;
        }

        if (T.IsSingle)
        {
            Multiply<T>(context, weight, (float*)x, y, rows);
            return;
        }

        using Scratch converted = new(rows * weight.Rows * sizeof(float));
        ConvertWork<T> convert = new(x, rows, weight.Rows, (float*)converted.Pointer);
        context.ParallelFor(ref convert, convert.Items);
        Multiply<T>(context, weight, (float*)converted.Pointer, y, rows);
    }

    // Few rows, from the codes as they lie; false where panels are faster.
    private static bool TryCodes<T>(KernelContext context, PreparedWeight weight, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        if (Avx512BW.IsSupported && weight.Nibbles is { } nibbles && rows <= nibbles.MaxRows)
        {
            Nibbles<T>(context, weight, nibbles, x, y, (int)rows);
            return true;
        }

        if (weight.Bytes is { } bytes && rows <= bytes.MaxProductRows)
        {
            Bytes<T>(context, weight, bytes, x, y, (int)rows);
            return true;
        }

        if (weight.ByteBands is { } bands && rows <= ByteBands.MaxRows)
        {
            Bands<T>(context, weight, bands, x, y, (int)rows);
            return true;
        }

        if (weight.LookUp is { } tables && rows <= tables.MaxRows)
        {
            LookUp<T>(context, weight, tables, x, y, (int)rows);
            return true;
        }

        // Known when the code is compiled, so that builds for other processors leave the fused tiles out.
        if (Avx512F.IsSupported && weight.Fused is { } fused && rows <= fused.MaxRows)
        {
            Fused<T>(context, weight, fused, x, y, (int)rows);
            return true;
        }

        return false;
    }

    private static void Fused<T>(
        KernelContext context, PreparedWeight weight, FusedColumns fused, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        FusedGrid grid = new(rows, weight.Rows, weight.Columns, fused.Groups, fused.PartsOfGroup);
        if (T.IsSingle && weight.RowScale is null)
        {
            FusedWork<T> direct = new(weight, fused, (float*)x, rows, grid.ItemParts, y);
            context.ParallelFor(ref direct, grid.Items);
            return;
        }

        using Scratch scaled = new((long)rows * weight.Rows * sizeof(float));
        float* target = (float*)scaled.Pointer;
        for (int row = 0; row < rows; row++)
        {
            RowEnds.Read<T>(weight, x, row, target + ((long)row * weight.Rows));
        }

        FusedWork<T> work = new(weight, fused, target, rows, grid.ItemParts, y);
        context.ParallelFor(ref work, grid.Items);
    }

    private static void Nibbles<T>(
        KernelContext context, PreparedWeight weight, NibbleWindows windows, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        using PaddedRows<T> scaled = new(weight, x, rows);
        NibbleWork<T> work = new(weight, windows, scaled.Values, scaled.Stride, rows, y);
        context.ParallelFor(ref work, work.Items);
    }

    private static void Bytes<T>(
        KernelContext context, PreparedWeight weight, ByteCodes codes, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        using PaddedRows<T> scaled = new(weight, x, rows);
        ByteWork<T> work = new(weight, codes, scaled.Values, scaled.Stride, rows, y);
        context.ParallelFor(ref work, work.Items);
    }

    private static void Bands<T>(
        KernelContext context, PreparedWeight weight, ByteBands bands, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        using PaddedRows<T> scaled = new(weight, x, rows);
        ByteBandWork<T> work = new(weight, bands, scaled.Values, scaled.Stride, rows, y);
        context.ParallelFor(ref work, work.Items);
    }

    private static void LookUp<T>(
        KernelContext context, PreparedWeight weight, LookUpTables tables, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        using PaddedRows<T> scaled = new(weight, x, rows);
        LookUpWork<T> work = new(weight, tables, scaled.Values, scaled.Stride, y);
        context.ParallelFor(ref work, checked(rows * tables.Packed.Layout.Groups));
    }

    private static void Multiply<T>(KernelContext context, PreparedWeight weight, float* x, nint y, long rows)
        where T : struct, IFloatElement
    {
        PanelGrid grid = new(rows, weight.Rows, weight.Columns, weight.Panels.Parts);
        using Scratch room = new(PanelDecodeWork.Bytes(weight, grid));
        float* decoded = (float*)room.Pointer;
        if (decoded is not null)
        {
            PanelDecodeWork decode = new(weight, decoded);
            context.ParallelFor(ref decode, decode.Items);
        }

        PanelWork<T> work = new(weight, grid, x, y, decoded);
        context.ParallelFor(ref work, grid.Items);
    }
}

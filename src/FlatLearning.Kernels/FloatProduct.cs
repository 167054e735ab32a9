using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.FusedDequant;
using FlatLearning.Kernels.Int8;
using FlatLearning.Kernels.Lut;
using FlatLearning.Kernels.Metrics;
using FlatLearning.Kernels.MixedBits;
using FlatLearning.Kernels.Sparse;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels;

/// <summary>
/// y = x · W + bias with sums in float32: row scales go onto x or into the panels, column scales onto the sums.
/// </summary>
internal static unsafe class FloatProduct
{
    /// <summary>Computes rows of y.</summary>
    /// <typeparam name="T">The element type of x and y.</typeparam>
    /// <param name="workers">Lends the host's threads.</param>
    /// <param name="weight">W and bias.</param>
    /// <param name="x">[rows, K].</param>
    /// <param name="y">[rows, N], overwritten.</param>
    /// <param name="rows">1 or more.</param>
    public static void Run<T>(IWorkers workers, PreparedWeight weight, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        if (weight.Sparse is { } elements)
        {
            SparseProduct.Run<T>(workers, weight, elements, x, y, rows);
            return;
        }

        if (Avx512DQ.IsSupported && weight.Banded is { } bands)
        {
            Avx512MixedLut.Run<T>(workers, weight, bands, x, y, rows);
            return;
        }

        if (weight.Order is { } order)
        {
            OrderedProduct.Run<T>(workers, weight, order, x, y, rows);
            return;
        }

        InOrder<T>(workers, weight, x, y, rows);
    }

    /// <summary>Computes rows of y for x and y in the weight's own order.</summary>
    public static void InOrder<T>(IWorkers workers, PreparedWeight weight, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        if (weight.Metric is { } metric && metric.Serves(rows))
        {
            MetricRun.Run<T>(workers, weight, metric, x, y, rows);
            return;
        }

        if (Avx512BW.IsSupported && weight.Fixed is { } words && rows <= words.MaxRows)
        {
            Avx512Int16Lut.Run<T>(workers, weight, words, x, y, (int)rows);
            return;
        }

        if (rows < weight.FirstKeptRows && TryCodes<T>(workers, weight, x, y, rows))
        {
            return;
        }

        if (T.IsSingle)
        {
            Multiply<T>(workers, weight, (float*)x, y, rows);
            return;
        }

        using Scratch converted = new(rows * weight.Rows * sizeof(float));
        ConvertTask<T> convert = new(x, rows, weight.Rows, (float*)converted.Pointer);
        workers.For(ref convert, convert.Items);
        Multiply<T>(workers, weight, (float*)converted.Pointer, y, rows);
    }

    // Few rows, from the codes as they lie; false where panels are faster.
    private static bool TryCodes<T>(IWorkers workers, PreparedWeight weight, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        if (Avx512BW.IsSupported && weight.Nibbles is { } nibbles && rows <= nibbles.MaxRows)
        {
            Nibbles<T>(workers, weight, nibbles, x, y, (int)rows);
            return true;
        }

        if (weight.Bytes is { } bytes && rows <= bytes.MaxProductRows)
        {
            Bytes<T>(workers, weight, bytes, x, y, (int)rows);
            return true;
        }

        if (weight.Avx2MixedCodes is { } bands && rows <= Avx2MixedCodes.MaxRows)
        {
            Bands<T>(workers, weight, bands, x, y, (int)rows);
            return true;
        }

        if (weight.LookUp is { } tables && rows <= tables.MaxRows)
        {
            LookUp<T>(workers, weight, tables, x, y, (int)rows);
            return true;
        }

        // Known when the code is compiled, so that builds for other processors leave the fused tiles out.
        if (Avx512F.IsSupported && weight.Fused is { } fused && rows <= fused.MaxRows)
        {
            Fused<T>(workers, weight, fused, x, y, (int)rows);
            return true;
        }

        return false;
    }

    private static void Fused<T>(
        IWorkers workers, PreparedWeight weight, Avx512FusedColumns fused, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        Avx512FusedGrid grid = new(rows, weight.Rows, weight.Columns, fused.Groups, fused.PartsOfGroup);
        if (T.IsSingle && weight.RowScale is null)
        {
            Avx512FusedTask<T> direct = new(weight, fused, (float*)x, rows, grid.ItemParts, y);
            workers.For(ref direct, grid.Items);
            return;
        }

        using Scratch scaled = new((long)rows * weight.Rows * sizeof(float));
        float* target = (float*)scaled.Pointer;
        for (int row = 0; row < rows; row++)
        {
            RowEnds.Read<T>(weight, x, row, target + ((long)row * weight.Rows));
        }

        Avx512FusedTask<T> work = new(weight, fused, target, rows, grid.ItemParts, y);
        workers.For(ref work, grid.Items);
    }

    private static void Nibbles<T>(
        IWorkers workers, PreparedWeight weight, Avx512LutCodes windows, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        using PaddedRows<T> scaled = new(weight, x, rows);
        Avx512PermuteLutTask<T> work = new(weight, windows, scaled.Values, scaled.Stride, rows, y);
        workers.For(ref work, work.Items);
    }

    private static void Bytes<T>(
        IWorkers workers, PreparedWeight weight, Avx2LutCodes codes, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        using PaddedRows<T> scaled = new(weight, x, rows);
        Avx2ShuffleLutTask<T> work = new(weight, codes, scaled.Values, scaled.Stride, rows, y);
        workers.For(ref work, work.Items);
    }

    private static void Bands<T>(
        IWorkers workers, PreparedWeight weight, Avx2MixedCodes bands, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        using PaddedRows<T> scaled = new(weight, x, rows);
        Avx2MixedLutTask<T> work = new(weight, bands, scaled.Values, scaled.Stride, rows, y);
        workers.For(ref work, work.Items);
    }

    private static void LookUp<T>(
        IWorkers workers, PreparedWeight weight, BlockLutTables tables, nint x, nint y, int rows)
        where T : struct, IFloatElement
    {
        using PaddedRows<T> scaled = new(weight, x, rows);
        BlockLutTask<T> work = new(weight, tables, scaled.Values, scaled.Stride, y);
        workers.For(ref work, checked(rows * tables.Packed.Layout.Groups));
    }

    private static void Multiply<T>(IWorkers workers, PreparedWeight weight, float* x, nint y, long rows)
        where T : struct, IFloatElement
    {
        PanelGrid grid = new(rows, weight.Rows, weight.Columns, weight.Panels.Parts);
        using Scratch room = new(PanelDecodeTask.Bytes(weight, grid));
        float* decoded = (float*)room.Pointer;
        if (decoded is not null)
        {
            PanelDecodeTask decode = new(weight, decoded);
            workers.For(ref decode, decode.Items);
        }

        PanelTask<T> work = new(weight, grid, x, y, decoded);
        workers.For(ref work, grid.Items);
    }
}

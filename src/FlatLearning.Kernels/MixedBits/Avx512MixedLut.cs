using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// y = x · W + bias for bands of codes without a metric: x goes into the order of the scales and is multiplied by rho
/// on the way, y comes out of it.
/// </summary>
internal static unsafe class Avx512MixedLut
{
    // Rows that are brought into order at once: what they take beside x and y stays small.
    private const int MaxRows = 4096;

    /// <summary>Computes rows of y; parameters as in <see cref="FloatProduct.Run{T}"/>.</summary>
    public static void Run<T>(
        IWorkers workers, PreparedWeight weight, Avx512MixedCodes bands, nint x, nint y, long rows)
        where T : struct, IFloatElement
    {
        long block = Math.Min(rows, MaxRows);
        bool isDirect = T.IsSingle && weight.Order is null;
        using Scratch taken = new(block * weight.Rows * sizeof(float));
        using Scratch room = new(isDirect ? 0 : block * weight.Columns * sizeof(float));
        for (long first = 0; first < rows; first += block)
        {
            long count = Math.Min(block, rows - first);
            nint target = y + (nint)(first * weight.Columns * T.Size);
            GatherRowsTask<T> take = new(
                x + (nint)(first * weight.Rows * T.Size), count, weight.Rows, weight.Order?.Rows, weight.RowScale,
                (float*)taken.Pointer);
            workers.For(ref take, take.Items);
            float* sums = isDirect ? (float*)target : (float*)room.Pointer;
            Multiply(workers, weight, bands, (float*)taken.Pointer, sums, count);
            if (!isDirect)
            {
                ScatterRowsTask<T> put = new(sums, count, weight.Columns, weight.Order?.Places, target);
                workers.For(ref put, put.Items);
            }
        }
    }

    private static void Multiply(
        IWorkers workers, PreparedWeight weight, Avx512MixedCodes bands, float* x, float* sums, long rows)
    {
        if (rows <= Avx512MixedCodes.MaxRows)
        {
            Avx512MixedLutTask lookUps = new(weight, bands, x, (int)rows, sums);
            workers.For(ref lookUps, lookUps.Items);
            return;
        }

        PanelGrid grid = new(rows, weight.Rows, weight.Columns, bands.Codes.Groups * bands.BlocksOfGroup);
        Avx512MixedGemmTask panels = new(weight, bands, grid, x, sums);
        workers.For(ref panels, grid.Items);
    }
}

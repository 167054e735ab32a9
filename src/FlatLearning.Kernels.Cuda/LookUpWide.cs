using System.Runtime.CompilerServices;
using FlatLearning.Cuda.Layout;
using ILGPU;

namespace FlatLearning.Kernels.Cuda;

/// <summary>
/// One row of x times weights whose tables do not fit the lanes of a warp: codes of 8 bits, looked up in shared memory
/// tap by tap, and weights without codes. A lane of a warp has a tile, a warp a step. Grid: items, rows of x.
/// </summary>
internal static class LookUpWide
{
    private const int Warps = KernelShape.LookUpThreads / KernelShape.Lanes;
    private const int Entries = 256;

    /// <summary>Codes of 8 bits.</summary>
    public static void LookUp8(
        ArrayView<Unit> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(Warps * KernelShape.TileColumns * KernelShape.Lanes);
        ArrayView<float> table = SharedMemory.Allocate<float>(KernelShape.Taps * Entries);
        WorkItem item = items[Grid.IdxX];
        int thread = Group.IdxX;
        for (int i = thread; i < KernelShape.Taps * Entries; i += KernelShape.LookUpThreads)
        {
            table[i] = tables[item.Table + i];
        }

        Group.Barrier();
        int tile = IntrinsicMath.Min(
            item.Tile + (thread & (KernelShape.Lanes - 1)), item.Tiles - 1);
        long inputs = ((long)Grid.IdxY * k) + item.Place;
        Columns sum = default;
        int first = (item.Step * KernelShape.StepRows) + (thread / KernelShape.Lanes);
        for (int row = first; row < item.EndStep * KernelShape.StepRows; row += Warps)
        {
            long at = (long)item.Unit + tile + ((long)row * 2 * item.Tiles);
            Unit a = codes[at];
            Unit b = codes[at + item.Tiles];
            for (int t = 0; t < item.Taps; t++)
            {
                float value = LookUpTables.Input(x, inputs, row - item.Halo + t, item.Count);
                int begin = t * Entries;
                sum.A = Add(sum.A, a.A, value, table, begin);
                sum.B = Add(sum.B, a.B, value, table, begin);
                sum.C = Add(sum.C, a.C, value, table, begin);
                sum.D = Add(sum.D, a.D, value, table, begin);
                sum.E = Add(sum.E, b.A, value, table, begin);
                sum.F = Add(sum.F, b.B, value, table, begin);
                sum.G = Add(sum.G, b.C, value, table, begin);
                sum.H = Add(sum.H, b.D, value, table, begin);
            }
        }

        LookUpSums.Store(sum, sums, item, partial, places, rows, KernelShape.Lanes);
    }

    /// <summary>Weights as float32.</summary>
    public static void LookUp32(
        ArrayView<Quad> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(Warps * KernelShape.TileColumns * KernelShape.Lanes);
        WorkItem item = items[Grid.IdxX];
        int thread = Group.IdxX;
        int tile = IntrinsicMath.Min(
            item.Tile + (thread & (KernelShape.Lanes - 1)), item.Tiles - 1);
        long inputs = ((long)Grid.IdxY * k) + item.Place;
        Columns sum = default;
        int first = (item.Step * KernelShape.StepRows) + (thread / KernelShape.Lanes);
        for (int row = first; row < item.EndStep * KernelShape.StepRows; row += Warps)
        {
            long at = (long)item.Unit + tile + ((long)row * 8 * item.Tiles);
            float value = LookUpTables.Input(x, inputs, row - item.Halo, item.Count);
            sum.A = Add(sum.A, codes[at], value);
            sum.B = Add(sum.B, codes[at + item.Tiles], value);
            sum.C = Add(sum.C, codes[at + (2L * item.Tiles)], value);
            sum.D = Add(sum.D, codes[at + (3L * item.Tiles)], value);
            sum.E = Add(sum.E, codes[at + (4L * item.Tiles)], value);
            sum.F = Add(sum.F, codes[at + (5L * item.Tiles)], value);
            sum.G = Add(sum.G, codes[at + (6L * item.Tiles)], value);
            sum.H = Add(sum.H, codes[at + (7L * item.Tiles)], value);
        }

        LookUpSums.Store(sum, sums, item, partial, places, rows, KernelShape.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Add(Quad sum, uint word, float value, ArrayView<float> table, int begin)
    {
        sum.A += value * table[begin + (int)(word & 255)];
        sum.B += value * table[begin + (int)((word >> 8) & 255)];
        sum.C += value * table[begin + (int)((word >> 16) & 255)];
        sum.D += value * table[begin + (int)(word >> 24)];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Add(Quad sum, Quad weights, float value)
    {
        sum.A += value * weights.A;
        sum.B += value * weights.B;
        sum.C += value * weights.C;
        sum.D += value * weights.D;
        return sum;
    }
}

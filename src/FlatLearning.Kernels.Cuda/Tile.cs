using System.Runtime.CompilerServices;
using FlatLearning.Cuda.Layout;
using ILGPU;

namespace FlatLearning.Kernels.Cuda;

/// <summary>
/// Several rows of x: blocks of 32 rows and 128 columns of W are decoded into shared memory and multiplied there, by 8
/// or 64 rows of x. Grid: items, blocks of rows.
/// </summary>
internal static class Tile
{
    private const int Warps = KernelShape.TileThreads / KernelShape.Lanes;
    private const int BlockColumns = KernelShape.BlockTiles * KernelShape.TileColumns;

    // Four floats more than a row has: lanes that decode different rows write to different banks.
    private const int Stride = BlockColumns + 4;

    // Likewise for x, which is stored transposed.
    private const int ManyStride = KernelShape.ManyRows + 4;

    /// <summary>Codes of 2 bits, up to 8 rows of x a block.</summary>
    public static void TileFew2(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Few(codes, tables, x, items, partial, k, places, rows, 2);

    /// <summary>Codes of 2 bits, up to 64 rows of x a block.</summary>
    public static void TileMany2(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Many(codes, tables, x, items, partial, k, places, rows, 2);

    /// <summary>Codes of 3 bits, up to 8 rows of x a block.</summary>
    public static void TileFew3(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Few(codes, tables, x, items, partial, k, places, rows, 3);

    /// <summary>Codes of 3 bits, up to 64 rows of x a block.</summary>
    public static void TileMany3(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Many(codes, tables, x, items, partial, k, places, rows, 3);

    /// <summary>Codes of 4 bits, up to 8 rows of x a block.</summary>
    public static void TileFew4(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Few(codes, tables, x, items, partial, k, places, rows, 4);

    /// <summary>Codes of 4 bits, up to 64 rows of x a block.</summary>
    public static void TileMany4(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Many(codes, tables, x, items, partial, k, places, rows, 4);

    /// <summary>Codes of 5 bits, up to 8 rows of x a block.</summary>
    public static void TileFew5(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Few(codes, tables, x, items, partial, k, places, rows, 5);

    /// <summary>Codes of 5 bits, up to 64 rows of x a block.</summary>
    public static void TileMany5(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Many(codes, tables, x, items, partial, k, places, rows, 5);

    /// <summary>Codes of 6 bits, up to 8 rows of x a block.</summary>
    public static void TileFew6(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Few(codes, tables, x, items, partial, k, places, rows, 6);

    /// <summary>Codes of 6 bits, up to 64 rows of x a block.</summary>
    public static void TileMany6(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Many(codes, tables, x, items, partial, k, places, rows, 6);

    /// <summary>Codes of 8 bits, up to 8 rows of x a block.</summary>
    public static void TileFew8(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Few(codes, tables, x, items, partial, k, places, rows, 8);

    /// <summary>Codes of 8 bits, up to 64 rows of x a block.</summary>
    public static void TileMany8(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Many(codes, tables, x, items, partial, k, places, rows, 8);

    /// <summary>Codes of 32 bits, up to 8 rows of x a block.</summary>
    public static void TileFew32(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Few(codes, tables, x, items, partial, k, places, rows, 32);

    /// <summary>Codes of 32 bits, up to 64 rows of x a block.</summary>
    public static void TileMany32(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Many(codes, tables, x, items, partial, k, places, rows, 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Few(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows, int bits)
    {
        ArrayView<float> panel = SharedMemory.Allocate<float>(KernelShape.PanelRows * Stride);
        ArrayView<float> inputs = SharedMemory.Allocate<float>(KernelShape.PanelRows * KernelShape.FewRows);
        ArrayView<float> table = SharedMemory.Allocate<float>(TilePanel.TableRoom(bits));
        WorkItem item = items[Grid.IdxX];
        TilePanel.LoadTable(tables, table, item, bits);
        int thread = Group.IdxX;
        int lane = thread & (KernelShape.Lanes - 1);
        int warp = thread / KernelShape.Lanes;
        int firstRow = Grid.IdxY * KernelShape.FewRows;
        ArrayView<Quad> quads = panel.Cast<Quad>();
        ArrayView<Quad> inputQuads = inputs.Cast<Quad>();
        Quad s0 = default, s1 = default, s2 = default, s3 = default;
        Quad s4 = default, s5 = default, s6 = default, s7 = default;
        for (int step = item.Step; step < item.EndStep; step += KernelShape.PanelRows / KernelShape.StepRows)
        {
            Group.Barrier();
            TilePanel.Decode(codes, table, panel, item, step, Stride, bits);
            TilePanel.LoadInputs(
                x, inputs, item, step, k, rows, firstRow, KernelShape.FewRows, KernelShape.FewRows);
            Group.Barrier();

            // Each warp takes a quarter of the panel's rows; a lane has four columns.
            for (int i = 0; i < KernelShape.PanelRows / Warps; i++)
            {
                int row = (warp * (KernelShape.PanelRows / Warps)) + i;
                Quad w = quads[(row * (Stride / 4)) + lane];
                Quad a = inputQuads[row * 2];
                Quad b = inputQuads[(row * 2) + 1];
                s0 = Add(s0, w, a.A);
                s1 = Add(s1, w, a.B);
                s2 = Add(s2, w, a.C);
                s3 = Add(s3, w, a.D);
                s4 = Add(s4, w, b.A);
                s5 = Add(s5, w, b.B);
                s6 = Add(s6, w, b.C);
                s7 = Add(s7, w, b.D);
            }
        }

        // The panel's room is free now: the sums of all warps.
        Group.Barrier();
        int room = (warp * KernelShape.FewRows * (BlockColumns / 4)) + lane;
        quads[room] = s0;
        quads[room + (BlockColumns / 4)] = s1;
        quads[room + (2 * (BlockColumns / 4))] = s2;
        quads[room + (3 * (BlockColumns / 4))] = s3;
        quads[room + (4 * (BlockColumns / 4))] = s4;
        quads[room + (5 * (BlockColumns / 4))] = s5;
        quads[room + (6 * (BlockColumns / 4))] = s6;
        quads[room + (7 * (BlockColumns / 4))] = s7;
        Group.Barrier();
        for (int i = thread; i < KernelShape.FewRows * BlockColumns; i += KernelShape.TileThreads)
        {
            float total = 0;
            for (int w = 0; w < Warps; w++)
            {
                total += panel[(w * KernelShape.FewRows * BlockColumns) + i];
            }

            Store(partial, item, places, rows, firstRow + (i / BlockColumns), i & (BlockColumns - 1), total);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Many(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows, int bits)
    {
        ArrayView<float> panel = SharedMemory.Allocate<float>(KernelShape.PanelRows * Stride);
        ArrayView<float> inputs = SharedMemory.Allocate<float>(KernelShape.PanelRows * ManyStride);
        ArrayView<float> table = SharedMemory.Allocate<float>(TilePanel.TableRoom(bits));
        WorkItem item = items[Grid.IdxX];
        TilePanel.LoadTable(tables, table, item, bits);
        int thread = Group.IdxX;
        int column = thread & 15;
        int eighth = thread / 16;
        int firstRow = Grid.IdxY * KernelShape.ManyRows;
        ArrayView<Quad> quads = panel.Cast<Quad>();
        ArrayView<Quad> inputQuads = inputs.Cast<Quad>();

        // Eight rows of x and eight columns, four of each half of the block.
        Quad l0 = default, l1 = default, l2 = default, l3 = default;
        Quad l4 = default, l5 = default, l6 = default, l7 = default;
        Quad r0 = default, r1 = default, r2 = default, r3 = default;
        Quad r4 = default, r5 = default, r6 = default, r7 = default;
        for (int step = item.Step; step < item.EndStep; step += KernelShape.PanelRows / KernelShape.StepRows)
        {
            Group.Barrier();
            TilePanel.Decode(codes, table, panel, item, step, Stride, bits);
            TilePanel.LoadInputs(x, inputs, item, step, k, rows, firstRow, KernelShape.ManyRows, ManyStride);
            Group.Barrier();
            for (int row = 0; row < KernelShape.PanelRows; row++)
            {
                Quad w = quads[(row * (Stride / 4)) + column];
                Quad v = quads[(row * (Stride / 4)) + column + 16];
                Quad a = inputQuads[(row * (ManyStride / 4)) + (2 * eighth)];
                Quad b = inputQuads[(row * (ManyStride / 4)) + (2 * eighth) + 1];
                l0 = Add(l0, w, a.A);
                l1 = Add(l1, w, a.B);
                l2 = Add(l2, w, a.C);
                l3 = Add(l3, w, a.D);
                l4 = Add(l4, w, b.A);
                l5 = Add(l5, w, b.B);
                l6 = Add(l6, w, b.C);
                l7 = Add(l7, w, b.D);
                r0 = Add(r0, v, a.A);
                r1 = Add(r1, v, a.B);
                r2 = Add(r2, v, a.C);
                r3 = Add(r3, v, a.D);
                r4 = Add(r4, v, b.A);
                r5 = Add(r5, v, b.B);
                r6 = Add(r6, v, b.C);
                r7 = Add(r7, v, b.D);
            }
        }

        int m = firstRow + (8 * eighth);
        int n = 4 * column;
        Store(partial, item, places, rows, m, n, l0, r0);
        Store(partial, item, places, rows, m + 1, n, l1, r1);
        Store(partial, item, places, rows, m + 2, n, l2, r2);
        Store(partial, item, places, rows, m + 3, n, l3, r3);
        Store(partial, item, places, rows, m + 4, n, l4, r4);
        Store(partial, item, places, rows, m + 5, n, l5, r5);
        Store(partial, item, places, rows, m + 6, n, l6, r6);
        Store(partial, item, places, rows, m + 7, n, l7, r7);
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

    // Column i of the block is column i / 4 of its tile i mod 4: what a quad holds lies side by side in y, too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        ArrayView<float> partial, WorkItem item, int places, int rows, int row, int column, float value)
    {
        int tile = item.Tile + (column & (KernelShape.BlockTiles - 1));
        if (row < rows && tile < item.Tiles)
        {
            long at = ((((long)item.Slot * rows) + row) * places) + item.Output;
            partial[at + ((long)(column / KernelShape.BlockTiles) * item.Tiles) + tile] = value;
        }
    }

    private static void Store(
        ArrayView<float> partial, WorkItem item, int places, int rows, int row, int column, Quad left, Quad right)
    {
        if (row < rows)
        {
            long at = ((((long)item.Slot * rows) + row) * places) + item.Output + item.Tile
                + ((long)(column / KernelShape.BlockTiles) * item.Tiles);
            Store(partial, at, item.Tiles - item.Tile, left);
            Store(partial, at + (16L * item.Tiles), item.Tiles - item.Tile, right);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ArrayView<float> partial, long at, int tiles, Quad sum)
    {
        partial[at] = sum.A;
        if (tiles > 1)
        {
            partial[at + 1] = sum.B;
        }

        if (tiles > 2)
        {
            partial[at + 2] = sum.C;
        }

        if (tiles > 3)
        {
            partial[at + 3] = sum.D;
        }
    }
}

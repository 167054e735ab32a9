using System.Runtime.CompilerServices;
using FlatLearning.Cuda.Layout;
using ILGPU;

namespace FlatLearning.Kernels.Cuda;

/// <summary>
/// As <see cref="LookUp"/> for sections of few tiles, such as those of bands: several lanes share a tile, so that all
/// lanes with a row's table have columns to look up. Loads are of 4 bytes. Grid: items, rows of x.
/// </summary>
internal static class LookUpNarrow
{
    private const int Warps = KernelShape.LookUpThreads / KernelShape.Lanes;

    /// <summary>Codes of 2 bits, 8 columns a lane.</summary>
    public static void Narrow2(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 2, 4, 16, 8);

    /// <summary>Codes of 3 bits, 8 columns a lane.</summary>
    public static void Narrow3(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 3, 3, 8, 8);

    /// <summary>Codes of 4 bits, 8 columns a lane.</summary>
    public static void Narrow4(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 4, 4, 16, 8);

    /// <summary>Codes of 5 bits, 4 columns a lane.</summary>
    public static void Narrow5(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 5, 5, 32, 4);

    /// <summary>Codes of 6 bits, 4 columns a lane.</summary>
    public static void Narrow6(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 6, 6, 32, 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(
        ArrayView<uint> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows, int bits, int width, int lanes, int columns)
    {
        int segments = KernelShape.Lanes / lanes;
        int parts = KernelShape.TileColumns / columns;
        ArrayView<float> sums = SharedMemory.Allocate<float>(Warps * columns * lanes);
        WorkItem item = items[Grid.IdxX];
        int thread = Group.IdxX;
        int lane = thread & (KernelShape.Lanes - 1);
        int warp = thread / KernelShape.Lanes;
        int local = lane & (lanes - 1);

        // A lane beyond the last tile repeats that one, and its sums are dropped.
        int tile = IntrinsicMath.Min(item.Tile + (local / parts), item.Tiles - 1);
        int part = local & (parts - 1);
        int table = bits == 2 ? item.PairTable : item.Table;
        int entries = 1 << width;
        float c0 = tables[table + local];
        float c1 = tables[table + entries + local];
        float c2 = tables[table + (2 * entries) + local];
        float c3 = tables[table + (3 * entries) + local];
        float c4 = tables[table + (4 * entries) + local];
        float c5 = bits == 2 ? tables[table + (5 * entries) + local] : 0;
        float d0 = bits == 6 ? tables[table + 32 + local] : 0;
        float d1 = bits == 6 ? tables[table + 96 + local] : 0;
        float d2 = bits == 6 ? tables[table + 160 + local] : 0;
        float d3 = bits == 6 ? tables[table + 224 + local] : 0;
        float d4 = bits == 6 ? tables[table + 288 + local] : 0;
        long inputs = ((long)Grid.IdxY * k) + item.Place;
        long first = ((long)item.Unit + tile) * 4;
        int stepWords = 4 * bits * item.Tiles;
        ChunkPlace chunk0 = Place(item.Tiles, 0, part, width, columns);
        ChunkPlace chunk1 = Place(item.Tiles, 1, part, width, columns);
        ChunkPlace chunk2 = Place(item.Tiles, 2, part, width, columns);
        ChunkPlace chunk3 = Place(item.Tiles, 3, part, width, columns);
        Quad low = default, high = default;
        int own = (warp * segments) + (lane / lanes);
        for (int begin = item.Step; begin < item.EndStep; begin += Warps * segments)
        {
            int step = begin + own;
            int count = step < item.EndStep ? item.Count : 0;
            step = IntrinsicMath.Min(step, item.EndStep - 1);
            long at = first + ((long)step * stepWords);
            int row = (step * KernelShape.StepRows) - item.Halo;
            float x0, x1, x2, x3, x4, x5, x6, x7;
            if (row >= 0 && row + 8 <= count)
            {
                long input = inputs + row;
                x0 = x[input];
                x1 = x[input + 1];
                x2 = x[input + 2];
                x3 = x[input + 3];
                x4 = x[input + 4];
                x5 = x[input + 5];
                x6 = x[input + 6];
                x7 = x[input + 7];
            }
            else
            {
                x0 = LookUp.Input(x, inputs, row, count);
                x1 = LookUp.Input(x, inputs, row + 1, count);
                x2 = LookUp.Input(x, inputs, row + 2, count);
                x3 = LookUp.Input(x, inputs, row + 3, count);
                x4 = LookUp.Input(x, inputs, row + 4, count);
                x5 = LookUp.Input(x, inputs, row + 5, count);
                x6 = LookUp.Input(x, inputs, row + 6, count);
                x7 = LookUp.Input(x, inputs, row + 7, count);
            }

            uint a = Chunk(codes, at, chunk0, width);
            uint b = Chunk(codes, at, chunk1, width);
            if (bits == 2)
            {
                float p = (x0 * c0) + (x1 * c1) + (x2 * c2) + (x3 * c3) + (x4 * c4) + (x5 * c5);
                float q = (x2 * c0) + (x3 * c1) + (x4 * c2) + (x5 * c3) + (x6 * c4) + (x7 * c5);
                low = LookUp.Add(low, a, p, width, lanes);
                high = LookUp.Add(high, a >> (4 * width), p, width, lanes);
                low = LookUp.Add(low, b, q, width, lanes);
                high = LookUp.Add(high, b >> (4 * width), q, width, lanes);
            }
            else
            {
                uint c = Chunk(codes, at, chunk2, width);
                uint d = Chunk(codes, at, chunk3, width);
                float p0 = (x0 * c0) + (x1 * c1) + (x2 * c2) + (x3 * c3) + (x4 * c4);
                float p1 = (x1 * c0) + (x2 * c1) + (x3 * c2) + (x4 * c3) + (x5 * c4);
                float p2 = (x2 * c0) + (x3 * c1) + (x4 * c2) + (x5 * c3) + (x6 * c4);
                float p3 = (x3 * c0) + (x4 * c1) + (x5 * c2) + (x6 * c3) + (x7 * c4);
                if (bits == 6)
                {
                    float q0 = (x0 * d0) + (x1 * d1) + (x2 * d2) + (x3 * d3) + (x4 * d4);
                    float q1 = (x1 * d0) + (x2 * d1) + (x3 * d2) + (x4 * d3) + (x5 * d4);
                    float q2 = (x2 * d0) + (x3 * d1) + (x4 * d2) + (x5 * d3) + (x6 * d4);
                    float q3 = (x3 * d0) + (x4 * d1) + (x5 * d2) + (x6 * d3) + (x7 * d4);
                    low = LookUp.AddPairs(low, a, p0, q0);
                    low = LookUp.AddPairs(low, b, p1, q1);
                    low = LookUp.AddPairs(low, c, p2, q2);
                    low = LookUp.AddPairs(low, d, p3, q3);
                }
                else
                {
                    low = LookUp.Add(low, a, p0, width, lanes);
                    low = LookUp.Add(low, b, p1, width, lanes);
                    low = LookUp.Add(low, c, p2, width, lanes);
                    low = LookUp.Add(low, d, p3, width, lanes);
                    if (columns == 8)
                    {
                        high = LookUp.Add(high, a >> (4 * width), p0, width, lanes);
                        high = LookUp.Add(high, b >> (4 * width), p1, width, lanes);
                        high = LookUp.Add(high, c >> (4 * width), p2, width, lanes);
                        high = LookUp.Add(high, d >> (4 * width), p3, width, lanes);
                    }
                }
            }
        }

        Store(low, high, sums, item, partial, places, rows, lanes, columns);
    }

    // Where in a step the codes of a lane's columns lie of one of its rows (of two together where codes have 2 bits).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ChunkPlace Place(int tiles, int row, int part, int width, int columns)
    {
        int bit = (row * KernelShape.TileColumns * width) + (part * columns * width);
        int word = bit >> 5;

        // The last chunk of a step ends with its last word.
        int next = IntrinsicMath.Min(word + 1, (4 * width) - 1);
        ChunkPlace place;
        place.Low = ((word >> 2) * tiles * 4) + (word & 3);
        place.High = ((next >> 2) * tiles * 4) + (next & 3);
        place.Shift = bit & 31;
        return place;
    }

    // Chunks of codes of 4 bits are whole words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Chunk(ArrayView<uint> codes, long at, ChunkPlace place, int width)
    {
        ulong low = codes[at + place.Low];
        if (width == 4)
        {
            return (uint)low;
        }

        ulong high = codes[at + place.High];
        return (uint)((low | (high << 32)) >> place.Shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Quad low, Quad high, ArrayView<float> room, WorkItem item, ArrayView<float> partial, int places, int rows,
        int lanes, int columns)
    {
        int thread = Group.IdxX;
        int lane = thread & (KernelShape.Lanes - 1);
        int warp = thread / KernelShape.Lanes;
        int parts = KernelShape.TileColumns / columns;
        if (lanes < 16)
        {
            low = LookUpSums.OverSegments(low, 8);
            high = LookUpSums.OverSegments(high, 8);
        }

        if (lanes < 32)
        {
            low = LookUpSums.OverSegments(low, 16);
            high = LookUpSums.OverSegments(high, 16);
        }

        if (lane < lanes)
        {
            int at = (warp * columns * lanes) + lane;
            LookUpSums.Put(room, low, at, lanes);
            if (columns == 8)
            {
                LookUpSums.Put(room, high, at + (4 * lanes), lanes);
            }
        }

        Group.Barrier();
        long output = (((long)item.Slot * rows) + Grid.IdxY) * places + item.Output;
        if (thread < columns * lanes)
        {
            int local = thread & (lanes - 1);
            int tile = item.Tile + (local / parts);
            int column = ((local & (parts - 1)) * columns) + (thread / lanes);
            float total = 0;
            for (int w = 0; w < Warps; w++)
            {
                total += room[(w * columns * lanes) + thread];
            }

            if (tile < item.Tiles)
            {
                partial[output + ((long)column * item.Tiles) + tile] = total;
            }
        }
    }
}

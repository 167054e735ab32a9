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
        TapEntries entries = LookUpTables.Entries(tables, table + local, 1 << width, bits == 2);
        TapEntries upper = bits == 6 ? LookUpTables.Entries(tables, table + 32 + local, 64, false) : default;
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
            Inputs near = LookUpTables.Load(x, inputs, row, count);
            uint a = Chunk(codes, at, chunk0, width);
            uint b = Chunk(codes, at, chunk1, width);
            if (bits == 2)
            {
                float p = LookUpTables.FirstPair(near, entries);
                float q = LookUpTables.SecondPair(near, entries);
                low = LookUp.Add(low, a, p, width, lanes);
                high = LookUp.Add(high, a >> (4 * width), p, width, lanes);
                low = LookUp.Add(low, b, q, width, lanes);
                high = LookUp.Add(high, b >> (4 * width), q, width, lanes);
            }
            else
            {
                uint c = Chunk(codes, at, chunk2, width);
                uint d = Chunk(codes, at, chunk3, width);
                Quad p = LookUpTables.Rows(near, entries);
                if (bits == 6)
                {
                    Quad q = LookUpTables.Rows(near, upper);
                    low = LookUp.AddPairs(low, a, p.A, q.A);
                    low = LookUp.AddPairs(low, b, p.B, q.B);
                    low = LookUp.AddPairs(low, c, p.C, q.C);
                    low = LookUp.AddPairs(low, d, p.D, q.D);
                }
                else
                {
                    low = LookUp.Add(low, a, p.A, width, lanes);
                    low = LookUp.Add(low, b, p.B, width, lanes);
                    low = LookUp.Add(low, c, p.C, width, lanes);
                    low = LookUp.Add(low, d, p.D, width, lanes);
                    if (columns == 8)
                    {
                        high = LookUp.Add(high, a >> (4 * width), p.A, width, lanes);
                        high = LookUp.Add(high, b >> (4 * width), p.B, width, lanes);
                        high = LookUp.Add(high, c >> (4 * width), p.C, width, lanes);
                        high = LookUp.Add(high, d >> (4 * width), p.D, width, lanes);
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

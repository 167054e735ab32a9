using System.Runtime.CompilerServices;
using FlatLearning.Cuda.Layout;
using ILGPU;
using ILGPU.Util;

namespace FlatLearning.Kernels.Cuda;

/// <summary>
/// One row of x by looking up: y[n] = sum over rows j of table_j[code[j, n]], where the table of row j adds up all
/// taps: table_j[z] = sum over t of x'[j + t] · table_t[z]. Lanes of a warp hold its entries, one or two each, and a
/// shuffle looks one up; what a weight costs does not depend on the taps. Grid: items, rows of x.
/// </summary>
internal static class LookUp
{
    private const int Warps = KernelShape.LookUpThreads / KernelShape.Lanes;

    public static void LookUp2(
        ArrayView<Unit> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 2, 4, 16);

    public static void LookUp3(
        ArrayView<Unit> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 3, 3, 8);

    public static void LookUp4(
        ArrayView<Unit> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 4, 4, 16);

    public static void LookUp5(
        ArrayView<Unit> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 5, 5, 32);

    public static void LookUp6(
        ArrayView<Unit> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows)
        => Multiply(codes, tables, x, items, partial, k, places, rows, 6, 6, 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(
        ArrayView<Unit> codes, ArrayView<float> tables, ArrayView<float> x, ArrayView<WorkItem> items,
        ArrayView<float> partial, int k, int places, int rows, int bits, int width, int lanes)
    {
        int segments = KernelShape.Lanes / lanes;
        ArrayView<float> sums = SharedMemory.Allocate<float>(Warps * KernelShape.TileColumns * 32);
        WorkItem item = items[Grid.IdxX];
        int thread = Group.IdxX;
        int lane = thread & (KernelShape.Lanes - 1);
        int warp = thread / KernelShape.Lanes;
        int local = lane & (lanes - 1);
        int segment = lane / lanes;

        // A lane beyond the last tile repeats that one, and its sums are dropped.
        int tile = IntrinsicMath.Min(item.Tile + local, item.Tiles - 1);
        int table = bits == 2 ? item.PairTable : item.Table;
        TapEntries entries = LookUpTables.Entries(tables, table + local, 1 << width, bits == 2);
        TapEntries upper = bits == 6 ? LookUpTables.Entries(tables, table + 32 + local, 64, false) : default;
        long first = (long)item.Unit + tile;
        long inputs = ((long)Grid.IdxY * k) + item.Place;
        Columns sum = default;

        // Every lane takes part in every shuffle: where no step is left, it looks up zeros.
        int own = (warp * segments) + segment;
        for (int begin = item.Step; begin < item.EndStep; begin += Warps * segments)
        {
            int step = begin + own;
            int count = step < item.EndStep ? item.Count : 0;
            step = IntrinsicMath.Min(step, item.EndStep - 1);
            long at = first + ((long)step * bits * item.Tiles);
            Unit a = codes[at];
            Unit b = codes[at + item.Tiles];
            Unit c = bits > 2 ? codes[at + (2L * item.Tiles)] : default;
            Unit d = bits > 3 ? codes[at + (3L * item.Tiles)] : default;
            Unit e = bits > 4 ? codes[at + (4L * item.Tiles)] : default;
            Unit f = bits > 5 ? codes[at + (5L * item.Tiles)] : default;
            int row = (step * KernelShape.StepRows) - item.Halo;
            Inputs near = LookUpTables.Load(x, inputs, row, count);
            if (bits == 2)
            {
                sum = Add(
                    sum, Codes.Row4(a.A, a.B, a.C, a.D),
                    LookUpTables.FirstPair(near, entries), 4, 16);
                sum = Add(
                    sum, Codes.Row4(b.A, b.B, b.C, b.D),
                    LookUpTables.SecondPair(near, entries), 4, 16);
            }
            else
            {
                Quad p = LookUpTables.Rows(near, entries);
                if (bits == 3)
                {
                    sum = Add(sum, Codes.Row3(a.A, a.B, a.C), p.A, 3, 8);
                    sum = Add(sum, Codes.Row3(a.D, b.A, b.B), p.B, 3, 8);
                    sum = Add(sum, Codes.Row3(b.C, b.D, c.A), p.C, 3, 8);
                    sum = Add(sum, Codes.Row3(c.B, c.C, c.D), p.D, 3, 8);
                }
                else if (bits == 4)
                {
                    sum = Add(sum, Codes.Row4(a.A, a.B, a.C, a.D), p.A, 4, 16);
                    sum = Add(sum, Codes.Row4(b.A, b.B, b.C, b.D), p.B, 4, 16);
                    sum = Add(sum, Codes.Row4(c.A, c.B, c.C, c.D), p.C, 4, 16);
                    sum = Add(sum, Codes.Row4(d.A, d.B, d.C, d.D), p.D, 4, 16);
                }
                else if (bits == 5)
                {
                    sum = Add(sum, Codes.Row5(a.A, a.B, a.C, a.D, b.A), p.A, 5, 32);
                    sum = Add(sum, Codes.Row5(b.B, b.C, b.D, c.A, c.B), p.B, 5, 32);
                    sum = Add(sum, Codes.Row5(c.C, c.D, d.A, d.B, d.C), p.C, 5, 32);
                    sum = Add(sum, Codes.Row5(d.D, e.A, e.B, e.C, e.D), p.D, 5, 32);
                }
                else
                {
                    Quad q = LookUpTables.Rows(near, upper);
                    sum = AddPairs(sum, Codes.Row6(a.A, a.B, a.C, a.D, b.A, b.B), p.A, q.A);
                    sum = AddPairs(sum, Codes.Row6(b.C, b.D, c.A, c.B, c.C, c.D), p.B, q.B);
                    sum = AddPairs(sum, Codes.Row6(d.A, d.B, d.C, d.D, e.A, e.B), p.C, q.C);
                    sum = AddPairs(sum, Codes.Row6(e.C, e.D, f.A, f.B, f.C, f.D), p.D, q.D);
                }
            }
        }

        LookUpSums.Store(sum, sums, item, partial, places, rows, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Columns Add(Columns sum, CodeWords row, float entry, int bits, int lanes)
    {
        sum.A = Add(sum.A, row.A, entry, bits, lanes);
        sum.B = Add(sum.B, row.B, entry, bits, lanes);
        sum.C = Add(sum.C, row.C, entry, bits, lanes);
        sum.D = Add(sum.D, row.D, entry, bits, lanes);
        sum.E = Add(sum.E, row.E, entry, bits, lanes);
        sum.F = Add(sum.F, row.F, entry, bits, lanes);
        sum.G = Add(sum.G, row.G, entry, bits, lanes);
        sum.H = Add(sum.H, row.H, entry, bits, lanes);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Columns AddPairs(Columns sum, CodeWords row, float entry, float upper)
    {
        sum.A = AddPairs(sum.A, row.A, entry, upper);
        sum.B = AddPairs(sum.B, row.B, entry, upper);
        sum.C = AddPairs(sum.C, row.C, entry, upper);
        sum.D = AddPairs(sum.D, row.D, entry, upper);
        sum.E = AddPairs(sum.E, row.E, entry, upper);
        sum.F = AddPairs(sum.F, row.F, entry, upper);
        sum.G = AddPairs(sum.G, row.G, entry, upper);
        sum.H = AddPairs(sum.H, row.H, entry, upper);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Quad Add(Quad sum, uint word, float entry, int bits, int lanes)
    {
        sum.A += Shuffle(entry, word, lanes);
        sum.B += Shuffle(entry, word >> bits, lanes);
        sum.C += Shuffle(entry, word >> (2 * bits), lanes);
        sum.D += Shuffle(entry, word >> (3 * bits), lanes);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Quad AddPairs(Quad sum, uint word, float entry, float upper)
    {
        sum.A += Entry(entry, upper, word);
        sum.B += Entry(entry, upper, word >> 6);
        sum.C += Entry(entry, upper, word >> 12);
        sum.D += Entry(entry, upper, word >> 18);
        return sum;
    }

    // Codes of 6 bits: every lane holds two entries of the table, 32 apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Entry(float entry, float upper, uint code)
    {
        float low = Shuffle(entry, code, KernelShape.Lanes);
        float high = Shuffle(upper, code, KernelShape.Lanes);
        return Utilities.Select((code & 32) != 0, high, low);
    }

    // Of the index, the hardware takes as many bits as a segment has lanes: no mask is needed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Shuffle(float value, uint index, int lanes) => Warp.Shuffle(value, (int)index, lanes);
}

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
                x0 = Input(x, inputs, row, count);
                x1 = Input(x, inputs, row + 1, count);
                x2 = Input(x, inputs, row + 2, count);
                x3 = Input(x, inputs, row + 3, count);
                x4 = Input(x, inputs, row + 4, count);
                x5 = Input(x, inputs, row + 5, count);
                x6 = Input(x, inputs, row + 6, count);
                x7 = Input(x, inputs, row + 7, count);
            }

            if (bits == 2)
            {
                sum = Add(
                    sum, Codes.Row4(a.A, a.B, a.C, a.D),
                    (x0 * c0) + (x1 * c1) + (x2 * c2) + (x3 * c3) + (x4 * c4) + (x5 * c5), 4, 16);
                sum = Add(
                    sum, Codes.Row4(b.A, b.B, b.C, b.D),
                    (x2 * c0) + (x3 * c1) + (x4 * c2) + (x5 * c3) + (x6 * c4) + (x7 * c5), 4, 16);
            }
            else
            {
                float p0 = (x0 * c0) + (x1 * c1) + (x2 * c2) + (x3 * c3) + (x4 * c4);
                float p1 = (x1 * c0) + (x2 * c1) + (x3 * c2) + (x4 * c3) + (x5 * c4);
                float p2 = (x2 * c0) + (x3 * c1) + (x4 * c2) + (x5 * c3) + (x6 * c4);
                float p3 = (x3 * c0) + (x4 * c1) + (x5 * c2) + (x6 * c3) + (x7 * c4);
                if (bits == 3)
                {
                    sum = Add(sum, Codes.Row3(a.A, a.B, a.C), p0, 3, 8);
                    sum = Add(sum, Codes.Row3(a.D, b.A, b.B), p1, 3, 8);
                    sum = Add(sum, Codes.Row3(b.C, b.D, c.A), p2, 3, 8);
                    sum = Add(sum, Codes.Row3(c.B, c.C, c.D), p3, 3, 8);
                }
                else if (bits == 4)
                {
                    sum = Add(sum, Codes.Row4(a.A, a.B, a.C, a.D), p0, 4, 16);
                    sum = Add(sum, Codes.Row4(b.A, b.B, b.C, b.D), p1, 4, 16);
                    sum = Add(sum, Codes.Row4(c.A, c.B, c.C, c.D), p2, 4, 16);
                    sum = Add(sum, Codes.Row4(d.A, d.B, d.C, d.D), p3, 4, 16);
                }
                else if (bits == 5)
                {
                    sum = Add(sum, Codes.Row5(a.A, a.B, a.C, a.D, b.A), p0, 5, 32);
                    sum = Add(sum, Codes.Row5(b.B, b.C, b.D, c.A, c.B), p1, 5, 32);
                    sum = Add(sum, Codes.Row5(c.C, c.D, d.A, d.B, d.C), p2, 5, 32);
                    sum = Add(sum, Codes.Row5(d.D, e.A, e.B, e.C, e.D), p3, 5, 32);
                }
                else
                {
                    float q0 = (x0 * d0) + (x1 * d1) + (x2 * d2) + (x3 * d3) + (x4 * d4);
                    float q1 = (x1 * d0) + (x2 * d1) + (x3 * d2) + (x4 * d3) + (x5 * d4);
                    float q2 = (x2 * d0) + (x3 * d1) + (x4 * d2) + (x5 * d3) + (x6 * d4);
                    float q3 = (x3 * d0) + (x4 * d1) + (x5 * d2) + (x6 * d3) + (x7 * d4);
                    sum = AddPairs(sum, Codes.Row6(a.A, a.B, a.C, a.D, b.A, b.B), p0, q0);
                    sum = AddPairs(sum, Codes.Row6(b.C, b.D, c.A, c.B, c.C, c.D), p1, q1);
                    sum = AddPairs(sum, Codes.Row6(d.A, d.B, d.C, d.D, e.A, e.B), p2, q2);
                    sum = AddPairs(sum, Codes.Row6(e.C, e.D, f.A, f.B, f.C, f.D), p3, q3);
                }
            }
        }

        LookUpSums.Store(sum, sums, item, partial, places, rows, lanes);
    }

    /// <summary>x' at a row of the section; zero outside of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Input(ArrayView<float> x, long inputs, int row, int count)
    {
        float value = 0;
        if (row >= 0 && row < count)
        {
            value = x[inputs + row];
        }

        return value;
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

using System.Runtime.CompilerServices;
using FlatLearning.Cuda.Layout;
using ILGPU;

namespace FlatLearning.Kernels.Cuda;

/// <summary>What the tiled kernels put into shared memory: tables, decoded weights, rows of x.</summary>
internal static class TilePanel
{
    /// <summary>Numbers in all tables of a width; one where it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TableRoom(int bits) => bits == KernelShape.DenseBits ? 1 : KernelShape.Taps << bits;

    /// <summary>Copies the tables; a barrier must follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadTable(ArrayView<float> tables, ArrayView<float> table, WorkItem item, int bits)
    {
        if (bits != KernelShape.DenseBits)
        {
            for (int i = Group.IdxX; i < KernelShape.Taps << bits; i += KernelShape.TileThreads)
            {
                table[i] = tables[item.Table + i];
            }
        }
    }

    /// <summary>
    /// x' of 32 rows of W from a step on, transposed: [32, stride]. Zero where there is no such row of x or of W.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadInputs(
        ArrayView<float> x, ArrayView<float> inputs, WorkItem item, int step, int k, int rows, int firstRow, int count,
        int stride)
    {
        for (int i = Group.IdxX; i < KernelShape.PanelRows * count; i += KernelShape.TileThreads)
        {
            int panelRow = i & (KernelShape.PanelRows - 1);
            int row = firstRow + (i / KernelShape.PanelRows);
            int place = (step * KernelShape.StepRows) + panelRow - item.Halo;
            float value = 0;
            if (row < rows && place >= 0 && place < item.Count)
            {
                value = x[((long)row * k) + item.Place + place];
            }

            inputs[(panelRow * stride) + (i / KernelShape.PanelRows)] = value;
        }
    }

    /// <summary>
    /// Decodes 32 rows from a step on of four tiles, [32, stride]: column c of tile i at 4 c + i. A thread has one row
    /// of one tile.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(
        ArrayView<uint> codes, ArrayView<float> table, ArrayView<float> panel, WorkItem item, int step, int stride,
        int bits)
    {
        int panelRow = Group.IdxX / KernelShape.BlockTiles;
        int tile = Group.IdxX & (KernelShape.BlockTiles - 1);
        int row = (step * KernelShape.StepRows) + panelRow;
        Columns sum = default;
        if (item.Tile + tile < item.Tiles && row < item.EndStep * KernelShape.StepRows)
        {
            if (bits == KernelShape.DenseBits)
            {
                sum = Dense(codes, item, tile, row);
            }
            else
            {
                // Taps above the first row are not there.
                for (int t = 0; t < item.Taps && t <= row; t++)
                {
                    sum = Add(codes, table, item, tile, row - t, t << bits, bits, sum);
                }
            }
        }

        int at = (panelRow * stride) + tile;
        Put(panel, at, sum.A);
        Put(panel, at + 16, sum.B);
        Put(panel, at + 32, sum.C);
        Put(panel, at + 48, sum.D);
        Put(panel, at + 64, sum.E);
        Put(panel, at + 80, sum.F);
        Put(panel, at + 96, sum.G);
        Put(panel, at + 112, sum.H);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Columns Add(
        ArrayView<uint> codes, ArrayView<float> table, WorkItem item, int tile, int row, int begin, int bits,
        Columns sum)
    {
        // Words of a row: as many as a code has bits; of two rows together where codes have 2 bits, as nibbles.
        int words = bits == 2 ? 4 : bits;
        int group = bits == 2 ? row >> 1 : row;
        int step = bits == 2 ? row >> 2 : row / KernelShape.StepRows;
        int inStep = bits == 2 ? (group & 1) * words : (group & (KernelShape.StepRows - 1)) * words;
        long unit = (long)item.Unit + item.Tile + tile + ((long)step * bits * item.Tiles);
        uint a = Word(codes, unit, item.Tiles, inStep);
        uint b = Word(codes, unit, item.Tiles, inStep + 1);
        uint c = Word(codes, unit, item.Tiles, inStep + 2);
        if (bits == 2)
        {
            uint d = Word(codes, unit, item.Tiles, inStep + 3);
            int shift = (row & 1) * 2;
            return Add(sum, Codes.Row4(a >> shift, b >> shift, c >> shift, d >> shift), table, begin, 4, 3);
        }

        if (bits == 3)
        {
            return Add(sum, Codes.Row3(a, b, c), table, begin, 3, 7);
        }

        uint w3 = Word(codes, unit, item.Tiles, inStep + 3);
        if (bits == 4)
        {
            return Add(sum, Codes.Row4(a, b, c, w3), table, begin, 4, 15);
        }

        uint w4 = Word(codes, unit, item.Tiles, inStep + 4);
        if (bits == 5)
        {
            return Add(sum, Codes.Row5(a, b, c, w3, w4), table, begin, 5, 31);
        }

        uint w5 = Word(codes, unit, item.Tiles, inStep + 5);
        if (bits == 6)
        {
            return Add(sum, Codes.Row6(a, b, c, w3, w4, w5), table, begin, 6, 63);
        }

        CodeWords bytes;
        bytes.A = a;
        bytes.B = b;
        bytes.C = c;
        bytes.D = w3;
        bytes.E = w4;
        bytes.F = w5;
        bytes.G = Word(codes, unit, item.Tiles, inStep + 6);
        bytes.H = Word(codes, unit, item.Tiles, inStep + 7);
        return Add(sum, bytes, table, begin, 8, 255);
    }

    // Word i of a step: unit i / 4 of it, which lies a row of tiles behind the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ArrayView<uint> codes, long unit, int tiles, int i) =>
        codes[((unit + ((long)(i >> 2) * tiles)) * 4) + (i & 3)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Columns Dense(ArrayView<uint> codes, WorkItem item, int tile, int row)
    {
        ArrayView<Quad> quads = codes.Cast<Quad>();
        long unit = (long)item.Unit + item.Tile + tile + ((long)row * 8 * item.Tiles);
        Columns weights;
        weights.A = quads[unit];
        weights.B = quads[unit + (1L * item.Tiles)];
        weights.C = quads[unit + (2L * item.Tiles)];
        weights.D = quads[unit + (3L * item.Tiles)];
        weights.E = quads[unit + (4L * item.Tiles)];
        weights.F = quads[unit + (5L * item.Tiles)];
        weights.G = quads[unit + (6L * item.Tiles)];
        weights.H = quads[unit + (7L * item.Tiles)];
        return weights;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Columns Add(
        Columns sum, CodeWords row, ArrayView<float> table, int begin, int distance, uint mask)
    {
        sum.A = Add(sum.A, row.A, table, begin, distance, mask);
        sum.B = Add(sum.B, row.B, table, begin, distance, mask);
        sum.C = Add(sum.C, row.C, table, begin, distance, mask);
        sum.D = Add(sum.D, row.D, table, begin, distance, mask);
        sum.E = Add(sum.E, row.E, table, begin, distance, mask);
        sum.F = Add(sum.F, row.F, table, begin, distance, mask);
        sum.G = Add(sum.G, row.G, table, begin, distance, mask);
        sum.H = Add(sum.H, row.H, table, begin, distance, mask);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Add(Quad sum, uint word, ArrayView<float> table, int begin, int distance, uint mask)
    {
        sum.A += table[begin + (int)(word & mask)];
        sum.B += table[begin + (int)((word >> distance) & mask)];
        sum.C += table[begin + (int)((word >> (2 * distance)) & mask)];
        sum.D += table[begin + (int)((word >> (3 * distance)) & mask)];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ArrayView<float> panel, int at, Quad sum)
    {
        panel[at] = sum.A;
        panel[at + 4] = sum.B;
        panel[at + 8] = sum.C;
        panel[at + 12] = sum.D;
    }
}

using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.Lut;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Int8;

/// <summary>
/// One item of a product in fixed point: some pairs of strips times all rows, block by block from the first input to
/// the last.
/// </summary>
/// <param name="tables">The codes.</param>
/// <param name="entries">[rows, tables, 16].</param>
/// <param name="units">[rows, blocks].</param>
/// <param name="rows">A few.</param>
/// <param name="y">Rows of y.</param>
internal readonly unsafe struct Avx512Int16LutTask(
    Avx512Int16Codes tables, short* entries, float* units, int rows, OutputRows y) : IParallelWork
{
    // Tables of this many inputs (128 KB) stay in the second-level cache while the pairs of an item use them.
    private const int TileInputs = 4096;
    private const int WantedItems = 16;
    private const int MaxPairs = 8;
    private const int PairFloats = 2 * 8 * Avx512LutCodes.Entries;

    // A shorter item (some microseconds) is not worth the hand-over to another thread.
    private const long MinProducts = 512 * 1024;

    /// <summary>Items.</summary>
    public int Items => (Pairs + ItemPairs - 1) / ItemPairs;

    // Two strips fill a register; of 3-bit codes one does, with two inputs side by side.
    private int PairStrips => tables.Lut.Bits == 3 ? 1 : 2;

    private int Pairs => (tables.Lut.Strips + PairStrips - 1) / PairStrips;

    private int ItemPairs
    {
        get
        {
            long products = Math.Max(1, (long)tables.Lut.Layout.Rows * tables.Lut.Layout.Columns * rows / Pairs);
            long wanted = Math.Max((MinProducts + products - 1) / products, Pairs / WantedItems);
            return (int)Math.Clamp(wanted, 1, MaxPairs);
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int firstPair = item * ItemPairs;
        int pairs = Math.Min(ItemPairs, Pairs - firstPair);
        using Scratch memory = new(sizeof(float) * (long)rows * pairs * PairFloats);
        float* sums = (float*)memory.Pointer;
        new Span<float>(sums, rows * pairs * PairFloats).Clear();
        fixed (byte* blob = tables.Lut.Blob)
        {
            for (int tile = 0; tile < tables.Lut.Layout.Rows; tile += TileInputs)
            {
                for (int pair = 0; pair < pairs; pair++)
                {
                    for (int row = 0; row < rows; row++)
                    {
                        Tile(blob, firstPair + pair, row, tile, sums + ((((long)row * pairs) + pair) * PairFloats));
                    }
                }
            }
        }

        float* columns = stackalloc float[4 * Avx512LutCodes.Bytes];
        for (int pair = 0; pair < pairs; pair++)
        {
            for (int row = 0; row < rows; row++)
            {
                float* from = sums + ((((long)row * pairs) + pair) * PairFloats);
                tables.Lut.Permute(from, Avx512LutCodes.Entries, columns);
                tables.Lut.Write(y, PairStrips * (firstPair + pair), columns, row);
                if (PairStrips == 2)
                {
                    tables.Lut.Permute(
                        from + (tables.Sums * Avx512LutCodes.Entries), Avx512LutCodes.Entries, columns);
                    tables.Lut.Write(y, Second(firstPair + pair), columns, row);
                }
            }
        }
    }

    // An odd strip at the end is computed twice.
    private int Second(int pair) => Math.Min((PairStrips * pair) + 1, tables.Lut.Strips - 1);

    private void Tile(byte* blob, int pair, int row, int firstInput, float* sums)
    {
        nint stride = tables.Lut.Layout.BytesPerRow;
        byte* a = tables.Lut.Codes(blob, PairStrips * pair) + (firstInput * stride);
        byte* b = tables.Lut.Codes(blob, Second(pair)) + (firstInput * stride);
        int blocks = (tables.Lut.Layout.Rows + Avx512Int16Codes.BlockInputs - 1) / Avx512Int16Codes.BlockInputs;
        float* unit = units + ((long)row * blocks) + (firstInput / Avx512Int16Codes.BlockInputs);
        short* table = entries
            + ((((long)row * tables.Lut.Tables) + (firstInput / tables.Lut.InputsOfTable))
                * Avx512LutCodes.Entries);
        int end = Math.Min(tables.Lut.Layout.Rows, firstInput + TileInputs);
        for (int k = firstInput; k < end; k += Avx512Int16Codes.BlockInputs, unit++)
        {
            int count = Math.Min(Avx512Int16Codes.BlockInputs, end - k);
            switch (tables.Lut.Bits)
            {
                case 4: Avx512Int16Sums.FourBits(a, b, stride, table, count, *unit, sums); break;
                case 3: Avx512Int16Sums.ThreeBits(a, stride, table, count, *unit, sums); break;
                default: Avx512Int16Sums.TwoBits(a, b, stride, table, count, *unit, sums); break;
            }

            a += count * stride;
            b += count * stride;
            table += count / tables.Lut.InputsOfTable * Avx512LutCodes.Entries;
        }
    }
}

using System.Runtime.InteropServices;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// One item of a look-up product: some sets of strips times all rows, each summed from the first input to the last.
/// </summary>
/// <param name="lut">The codes.</param>
/// <param name="x">Rows multiplied by rho, each followed by zeros for the taps.</param>
/// <param name="y">Rows of y.</param>
/// <param name="rows">A few.</param>
internal readonly unsafe struct Avx512PermuteLutTask(Avx512LutCodes lut, InputRows x, OutputRows y, int rows)
    : IParallelWork
{
    // Codes and tables of so many stay in the first-level cache.
    private const int MaxTables = 64;
    private const int TableFloats = MaxTables * Avx512LutCodes.Entries;
    private const int Lanes = Avx512LutCodes.Bytes / sizeof(int);

    // Enough items for the threads of a workstation, none shorter than some microseconds.
    private const int WantedItems = 16;
    private const long MinProducts = 256 * 1024;

    /// <summary>Items.</summary>
    public int Items => (Sets + ItemSets - 1) / ItemSets;

    // Strips that are summed at once: two registers of 4-bit codes, or one of 2-bit codes, or half of one of 3-bit
    // codes, in which two inputs lie side by side.
    private int SetStrips => lut.Bits switch { 4 => 4, 3 => 1, _ => 2 };

    private int Sets => (lut.Strips + SetStrips - 1) / SetStrips;

    private int ItemSets
    {
        get
        {
            long products = Math.Max(1, (long)lut.Layout.Rows * lut.Layout.Columns * rows / Sets);
            return (int)Math.Clamp((MinProducts + products - 1) / products, 1, Math.Max(1, Sets / WantedItems));
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        float* columns = stackalloc float[4 * Avx512LutCodes.Bytes];
        using Scratch memory = new(
            sizeof(float) * (((long)rows * Avx512LutSums.Floats) + (2 * TableFloats))
                + (MaxTables * Avx512LutIndices.Bytes));
        float* sums = (float*)memory.Pointer;
        float* entries = sums + (rows * Avx512LutSums.Floats);
        byte* codes = (byte*)(entries + (2 * TableFloats));
        fixed (byte* blob = lut.Blob)
        {
            for (int set = item * ItemSets; set < Math.Min(Sets, (item + 1) * ItemSets); set++)
            {
                Sum(new Avx512StripSet(lut, blob, set * SetStrips), sums, entries, codes);
                for (int row = 0; row < rows; row++)
                {
                    float* from = sums + (row * Avx512LutSums.Floats);
                    if (lut.Bits == 3)
                    {
                        Fold(from);
                    }

                    for (int i = 0; i < SetStrips; i++)
                    {
                        lut.Permute(from + (i / 2 * 8 * Avx512LutCodes.Entries) + (i % 2 * Lanes), Lanes, columns);
                        lut.Write(y, Strip(set * SetStrips, i), columns, row);
                    }
                }
            }
        }
    }

    private void Sum(in Avx512StripSet set, float* sums, float* entries, byte* codes)
    {
        NativeMemory.Clear(sums, (nuint)(sizeof(float) * rows * Avx512LutSums.Floats));
        int step = MaxTables * lut.InputsOfTable;
        for (int k = 0; k < lut.Layout.Rows; k += step)
        {
            int inputs = Math.Min(step, lut.Layout.Rows - k);
            int count = (inputs + lut.InputsOfTable - 1) / lut.InputsOfTable;
            byte* ordered = set.Codes(k, inputs, codes, out byte* second, out nint stride);
            int row = 0;
            for (; row < rows - 1; row += 2)
            {
                float* to = sums + (row * Avx512LutSums.Floats);
                WriteTables(x.Floats(row) + k, count, entries);
                WriteTables(x.Floats(row + 1) + k, count, entries + TableFloats);
                Avx512LutSums.AddTwo(
                    ordered, stride, entries, entries + TableFloats, count, to, to + Avx512LutSums.Floats);
                Avx512LutSums.AddTwo(
                    second, stride, entries, entries + TableFloats, count, to + (Avx512LutSums.Floats / 2),
                    to + (Avx512LutSums.Floats * 3 / 2));
            }

            if (row < rows)
            {
                WriteTables(x.Floats(row) + k, count, entries);
                Avx512LutSums.Add(ordered, second, stride, entries, count, sums + (row * Avx512LutSums.Floats));
            }
        }
    }

    private void WriteTables(float* from, int count, float* entries)
    {
        switch (lut.Taps)
        {
            case 1: Avx512LutTables<One>.Write(lut, from, count, entries); break;
            case 2: Avx512LutTables<Two>.Write(lut, from, count, entries); break;
            case 3: Avx512LutTables<Three>.Write(lut, from, count, entries); break;
            case 4: Avx512LutTables<Four>.Write(lut, from, count, entries); break;
            default: Avx512LutTables<Five>.Write(lut, from, count, entries); break;
        }
    }

    // Even and odd inputs together.
    private static void Fold(float* sums)
    {
        for (int i = 0; i < Avx512LutSums.Floats; i += Avx512LutCodes.Entries)
        {
            RowMath.Add(sums + i, sums + i + Lanes, Lanes);
        }
    }

    // What is missing to a full set at the end is computed twice.
    private int Strip(int first, int place) => Math.Min(first + place, lut.Strips - 1);
}

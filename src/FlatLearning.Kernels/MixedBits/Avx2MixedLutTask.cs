using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.Lut;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// One item of a look-up product of codes in bands: some column groups times all rows. Groups share the tables of
/// inputs in the middle of their sections; what a section's codes give to inputs near its ends, where taps reach into
/// another section, has tables of its own (see <see cref="Avx512MixedRuns"/>).
/// </summary>
/// <param name="bands">The codes.</param>
/// <param name="x">Rows multiplied by rho, each followed by zeros for the taps.</param>
/// <param name="rows">A few.</param>
/// <param name="y">Rows of y.</param>
internal readonly unsafe struct Avx2MixedLutTask(Avx2MixedCodes bands, InputRows x, int rows, OutputRows y)
    : IParallelWork
{
    // Enough items for the threads of a workstation; each makes the tables anew, which costs as much as a block or two.
    private const int WantedItems = 16;
    private const int MinBlocks = 8;
    private const long MinProducts = 128 * 1024;

    /// <summary>Items.</summary>
    public int Items => (bands.Codes.Groups + ItemGroups - 1) / ItemGroups;

    private int GroupFloats => bands.BlocksOfGroup * Avx2BytePlanes.Block;

    private int ItemGroups
    {
        get
        {
            long products = Math.Max(1, (long)bands.Codes.Rows * GroupFloats * rows);
            long min = Math.Max(
                (MinBlocks + bands.BlocksOfGroup - 1) / bands.BlocksOfGroup,
                (MinProducts + products - 1) / products);
            return (int)Math.Min(bands.Codes.Groups, Math.Max(min, bands.Codes.Groups / WantedItems));
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int first = item * ItemGroups;
        int count = Math.Min(ItemGroups, bands.Codes.Groups - first);
        long sumFloats = (long)count * GroupFloats;
        using Scratch memory =
            new((sumFloats * sizeof(float)) + (Avx2LutCodes.MaxRows * (Avx2BytePlanes.Block + bands.TableBytes)));
        float* sums = (float*)memory.Pointer;
        byte* bytes = (byte*)(sums + sumFloats);
        byte* tables = bytes + (Avx2LutCodes.MaxRows * Avx2BytePlanes.Block);
        for (int row = 0; row < rows; row++)
        {
            NativeMemory.Clear(sums, (nuint)sumFloats * sizeof(float));
            for (int band = 0; band < bands.Codes.Bands.Count; band++)
            {
                if (bands.Band(band) is { } codes)
                {
                    AddMiddles(codes, band, first, count, x.Floats(row), sums, bytes, tables);
                    AddEnds(codes, band, first, count, x.Floats(row), sums, bytes, tables);
                }
            }

            for (int i = 0; i < count; i++)
            {
                int column = (first + i) * bands.Codes.GroupWidth;
                y.Write(
                    sums + (i * GroupFloats), column,
                    Math.Min(bands.Codes.GroupWidth, bands.Codes.Columns - column), row);
            }
        }
    }

    // Inputs of which all taps lie in their section.
    private static int MiddleRows(BandSection section, Avx2LutCodes codes) =>
        Math.Max(0, section.Rows - codes.Taps + 1);

    private void AddMiddles(
        Avx2LutCodes codes, int band, int first, int count, float* from, float* sums, byte* bytes, byte* tables)
    {
        (int start, int end) = (int.MaxValue, 0);
        for (int i = 0; i < count; i++)
        {
            BandSection section = bands.Section(first + i, band);
            int middle = MiddleRows(section, codes);
            if (middle > 0)
            {
                (start, end) = (Math.Min(start, section.FirstRow), Math.Max(end, section.FirstRow + middle));
            }
        }

        for (int k = start; k < end; k += Avx2LutCodes.MaxRows)
        {
            int inputs = Math.Min(Avx2LutCodes.MaxRows, end - k);
            codes.WriteTables(from + k, inputs, tables);
            for (int i = 0; i < count; i++)
            {
                BandSection section = bands.Section(first + i, band);
                int begin = Math.Max(k, section.FirstRow);
                int some = Math.Min(k + inputs, section.FirstRow + MiddleRows(section, codes)) - begin;
                if (some > 0)
                {
                    Add(codes, section.Position + begin
                        - section.FirstRow, some, sums
                            + (i * GroupFloats), bytes, tables + ((begin - k) * codes.TableBytes));
                }
            }
        }
    }

    private void AddEnds(
        Avx2LutCodes codes, int band, int first, int count, float* from, float* sums, byte* bytes, byte* tables)
    {
        const int Max = 2 * Codebook.MaxTaps;
        float* inputs = stackalloc float[Max];
        for (int i = 0; i < count; i++)
        {
            BandSection section = bands.Section(first + i, band);
            if (section.Rows > 0)
            {
                // The rows before, as far as they reach, then the last ones, as far as these reach.
                int before = Math.Min(codes.Taps - 1, section.Position);
                AddEnd(codes, section, -before, before, from, inputs, sums + (i * GroupFloats), bytes, tables);
                int middle = MiddleRows(section, codes);
                AddEnd(
                    codes, section, middle, section.Rows - middle, from, inputs, sums + (i * GroupFloats), bytes,
                    tables);
            }
        }
    }

    private void AddEnd(
        Avx2LutCodes codes, BandSection section, int first, int count, float* from, float* inputs, float* sums,
        byte* bytes, byte* tables)
    {
        for (int i = 0; i < count + codes.Taps - 1; i++)
        {
            int k = first + i;
            inputs[i] = (uint)k < (uint)section.Rows ? from[section.FirstRow + k] : 0;
        }

        codes.WriteTables(inputs, count, tables);
        Add(codes, section.Position + first, count, sums, bytes, tables);
    }

    private void Add(Avx2LutCodes codes, int row, int count, float* sums, byte* bytes, byte* tables)
    {
        for (int block = 0; block < bands.BlocksOfGroup; block++)
        {
            codes.Unpack(0, row, block, count, bytes);
            codes.Add(bytes, tables, count, sums + (block * Avx2BytePlanes.Block));
        }
    }
}

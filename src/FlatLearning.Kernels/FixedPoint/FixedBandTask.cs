using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// One item of a look-up product of codes in bands: some column groups times all rows. What a section's codes give to
/// inputs near its ends, where taps reach into another section or a pair of look-ups does, has tables of its own.
/// </summary>
/// <param name="bands">The codes.</param>
/// <param name="x">Rows multiplied by rho, each followed by zeros for the taps.</param>
/// <param name="tables">[rows, <see cref="FixedBands.TableBytes"/>].</param>
/// <param name="units">[rows, <see cref="FixedBands.Units"/>].</param>
/// <param name="rows">A few.</param>
/// <param name="y">Rows of y.</param>
internal readonly unsafe struct FixedBandTask(
    FixedBands bands, InputRows x, byte* tables, float* units, int rows, OutputRows y) : IParallelWork
{
    // Enough items for the threads of a workstation, none below two microseconds or so.
    private const int WantedItems = 16;
    private const long MinProducts = 256 * 1024;

    // Inputs of one end, before and behind its first: taps, and what fills pairs of look-ups.
    private const int MaxEnd = FixedTables.BlockInputs;

    /// <summary>Items.</summary>
    public int Items => (bands.Codes.Groups + ItemGroups - 1) / ItemGroups;

    private int GroupFloats => bands.StripsOfGroup * FixedCodes.StripColumns;

    private int ItemGroups
    {
        get
        {
            long products = Math.Max(1, (long)bands.Codes.Rows * bands.Codes.GroupWidth * rows);
            return (int)Math.Min(
                bands.Codes.Groups,
                Math.Max((MinProducts + products - 1) / products, bands.Codes.Groups / WantedItems));
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int first = item * ItemGroups;
        int end = Math.Min(bands.Codes.Groups, first + ItemGroups);
        long sumBytes = (long)sizeof(float) * rows * GroupFloats;
        using Scratch memory = new(sumBytes + bands.IndexBytes);
        float* sums = (float*)memory.Pointer;
        byte* index = (byte*)memory.Pointer + sumBytes;
        for (int group = first; group < end; group++)
        {
            NativeMemory.Clear(sums, (nuint)sumBytes);
            foreach (BandSection section in bands.Codes.Sections(group))
            {
                AddMiddle(section, index, sums);
                AddEnds(section, index, sums);
            }

            for (int row = 0; row < rows; row++)
            {
                Write(group, sums + (row * GroupFloats), row);
            }
        }
    }

    private void AddMiddle(BandSection section, byte* index, float* sums)
    {
        FixedCodes codes = bands.Band(section.Band);
        (int k, int end) = bands.Middle(section);
        while (k < end)
        {
            int block = k / FixedTables.BlockInputs;
            int inputs = Math.Min(end, (block + 1) * FixedTables.BlockInputs) - k;
            int place = section.Position + k - section.FirstRow;
            long at = bands.Bytes(section.Band, block)
                + (k % FixedTables.BlockInputs / codes.InputsOfStep * bands.Tables(section.Band).StepBytes);
            int unit = bands.Unit(section.Band, block);
            codes.Prefetch(0, place + inputs);
            for (int strip = 0; strip < codes.Strips; strip++)
            {
                float* target = sums + (strip * FixedCodes.StripColumns);
                if (rows == 1 && codes.IsInPlace)
                {
                    codes.AddInPlace(strip, place, tables + at, codes.StepsOf(inputs), units[unit], target);
                    continue;
                }

                codes.WriteIndices(strip, place, inputs, index);
                for (int row = 0; row < rows; row++)
                {
                    codes.Add(
                        strip, index, tables + (row * bands.TableBytes) + at, codes.StepsOf(inputs),
                        units[((long)row * bands.Units) + unit], target + (row * GroupFloats));
                }
            }

            k += inputs;
        }
    }

    // Rows before the section, as far as their taps reach, and its first; then its last.
    private void AddEnds(BandSection section, byte* index, float* sums)
    {
        int before = Math.Min(bands.Band(section.Band).Taps - 1, section.Position);
        (int first, int end) = bands.Middle(section);
        if (first == end)
        {
            // No middle: so few rows that one block holds them all.
            AddEnd(section, -before, section.Rows, index, sums);
            return;
        }

        AddEnd(section, -before, first - section.FirstRow, index, sums);
        AddEnd(section, end - section.FirstRow, section.Rows, index, sums);
    }

    private void AddEnd(BandSection section, int first, int end, byte* index, float* sums)
    {
        if (first == end)
        {
            return;
        }

        FixedCodes codes = bands.Band(section.Band);
        FixedTables writer = bands.Tables(section.Band);
        int count = end - first;
        float* inputs = stackalloc float[2 * MaxEnd];
        byte* own = stackalloc byte[MaxEnd * 4 * 2 * 16];
        for (int strip = 0; strip < codes.Strips; strip++)
        {
            codes.WriteIndices(strip, section.Position + first, count, index);
            for (int row = 0; row < rows; row++)
            {
                float* from = x.Floats(row) + section.FirstRow;
                for (int i = 0; i < count + codes.Taps; i++)
                {
                    inputs[i] = (uint)(first + i) < (uint)section.Rows ? from[first + i] : 0;
                }

                float unit = writer.Write(inputs, count, own);
                codes.Add(
                    strip, index, own, codes.StepsOf(count), unit,
                    sums + (strip * FixedCodes.StripColumns) + (row * GroupFloats));
            }
        }
    }

    private void Write(int group, float* sums, int row)
    {
        int column = group * bands.Codes.GroupWidth;
        int width = Math.Min(bands.Codes.GroupWidth, bands.Codes.Columns - column);
        for (int i = 0; i < width; i += FixedCodes.Block)
        {
            ByteLanes256.Order(sums + i);
        }

        y.Write(sums, column, width, row);
    }
}

using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// The tables of one section. Input k of the section meets the codes of rows k, k - 1, ... of its band, one per tap; so
/// the tables of the rows just before the section, which belong to another column group, take part as far as they hold
/// inputs of this one, and those of its last rows hold no input from beyond it. In the middle, x is read where it lies.
/// </summary>
internal unsafe ref struct Avx512MixedRuns
{
    // Head, middle before and behind what is left out, tail, and the last row of a blob beyond which its kernel would
    // read, or half of a pair.
    private const int MaxRuns = 5;

    // Fewer rows are not worth another pass.
    private const int MinShared = 16;

    // (taps - 1) tables with taps inputs each, or pairs of them.
    private const int EdgeFloats = 16;

    private readonly Avx512MixedRun* _runs;

    private int _count;

    /// <summary>Wraps memory.</summary>
    /// <param name="memory">64-byte aligned or not, <see cref="MemoryBytes"/> bytes that stay where they are.</param>
    public Avx512MixedRuns(byte* memory) => _runs = (Avx512MixedRun*)memory;

    /// <summary>Bytes of memory.</summary>
    public static int MemoryBytes =>
        (MaxRuns * sizeof(Avx512MixedRun)) + (2 * EdgeFloats * sizeof(float)) + (2 * Avx512MixedBand.MaxRowBytes);

    /// <summary>How many there are.</summary>
    public readonly int Count => _count;

    /// <summary>The first.</summary>
    public readonly Avx512MixedRun* First => _runs;

    /// <summary>Cuts a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="band">How its band is looked up.</param>
    /// <param name="codes">Row 0 of the band.</param>
    /// <param name="x">Row 0 of the weight's order, multiplied by rho.</param>
    /// <param name="without">Rows whose tables are left out; within the section's <see cref="Middle"/>, or
    /// none.</param>
    public void Cut(BandSection section, Avx512MixedBand band, byte* codes, float* x, Range without = default)
    {
        (int step, int inputs, int rows) = (band.RowsOfTable, band.TableTaps, section.Rows);
        nint rowBytes = band.BytesPerRow;
        codes += section.Position * rowBytes;
        x += section.FirstRow;
        float* edges = (float*)(_runs + MaxRuns);
        _count = 0;

        int before = Math.Min(band.Taps - 1, section.Position);
        Range middle = Middle(section, band);
        (int next, int end) = (middle.Start.Value - section.FirstRow, middle.End.Value - section.FirstRow);
        int head = (next + before) / step;
        if (head > 0)
        {
            Add(codes - (before * rowBytes), Edge(x, rows, -before, (head * step) + inputs - 1, edges), head);
        }

        (int skipped, int after) = without.Equals(default)
            ? (end, end)
            : (without.Start.Value - section.FirstRow, without.End.Value - section.FirstRow);
        AddMiddle(codes, rowBytes, x, next, skipped, step);
        AddMiddle(codes, rowBytes, x, after, end, step);
        next = end;
        int tail = Math.Max(0, (rows - next + step - 1) / step);
        if (tail > 0)
        {
            float* from = Edge(x, rows, next, (tail * step) + inputs - 1, edges + EdgeFloats);
            int last = next + (tail * step);
            bool beyond = section.Position + last + (band.ReadsBeyond ? 1 : 0) > band.Rows;
            if (tail > (beyond ? 1 : 0))
            {
                Add(codes + (next * rowBytes), from, beyond ? tail - 1 : tail);
            }

            if (beyond)
            {
                byte* pair = (byte*)(edges + (2 * EdgeFloats));
                NativeMemory.Copy(codes + ((rows - 1) * rowBytes), pair, (nuint)rowBytes);
                NativeMemory.Clear(pair + rowBytes, (nuint)rowBytes);
                Add(pair, from + ((tail - 1) * step), 1);
            }
        }
    }

    /// <summary>The rows whose tables hold inputs of the section alone, as numbers of the weight's rows.</summary>
    public static Range Middle(BandSection section, Avx512MixedBand band)
    {
        int step = band.RowsOfTable;
        int before = Math.Min(band.Taps - 1, section.Position);
        int first = ((before + step - 1) / step * step) - before;
        int last = section.Rows - Math.Max(band.TableTaps, band.ReadsBeyond ? 2 : 1);
        int count = first <= last ? ((last - first) / step) + 1 : 0;
        return new Range(section.FirstRow + first, section.FirstRow + first + (count * step));
    }

    /// <summary>
    /// What the middles of two sections of a band have in common; none where that is too little, or pairs of rows lie
    /// across each other.
    /// </summary>
    public static Range Common(BandSection a, BandSection b, Avx512MixedBand band)
    {
        Range first = Middle(a, band), second = Middle(b, band);
        int start = Math.Max(first.Start.Value, second.Start.Value);
        int end = Math.Min(first.End.Value, second.End.Value);
        bool fits = (first.Start.Value - second.Start.Value) % band.RowsOfTable == 0;
        return fits && end - start >= MinShared ? new Range(start, end) : default;
    }

    /// <summary>Makes rows that sections of two column groups have in common the only run.</summary>
    /// <param name="rows">Within the middles of both.</param>
    /// <param name="section">The first group's section.</param>
    /// <param name="band">How its band is looked up.</param>
    /// <param name="codes">Row 0 of the band.</param>
    /// <param name="x">Row 0 of the weight's order, multiplied by rho.</param>
    public void Share(Range rows, BandSection section, Avx512MixedBand band, byte* codes, float* x)
    {
        _count = 0;
        int first = rows.Start.Value - section.FirstRow;
        AddMiddle(
            codes + ((nint)section.Position * band.BytesPerRow), band.BytesPerRow, x + section.FirstRow, first,
            rows.End.Value - section.FirstRow, band.RowsOfTable);
    }

    private void AddMiddle(byte* codes, nint rowBytes, float* x, int first, int end, int step)
    {
        if (first < end)
        {
            Add(codes + (first * rowBytes), x + first, (end - first) / step);
        }
    }

    private void Add(byte* codes, float* x, int count) =>
        _runs[_count++] = new Avx512MixedRun { Codes = codes, X = x, Count = count };

    // Inputs from first on, zero outside of the section.
    private static float* Edge(float* x, int rows, int first, int count, float* target)
    {
        for (int i = 0; i < count; i++)
        {
            int k = first + i;
            target[i] = (uint)k < (uint)rows ? x[k] : 0;
        }

        return target;
    }
}

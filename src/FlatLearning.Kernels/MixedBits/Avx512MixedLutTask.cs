using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// One item of a look-up product: some column groups times all rows, each summed from its first band to its last. Two
/// neighbouring groups have most of their sections in common and share tables there.
/// </summary>
/// <param name="bands">The codes.</param>
/// <param name="x">Rows multiplied by rho.</param>
/// <param name="rows">A few.</param>
/// <param name="y">Rows of y.</param>
internal readonly unsafe struct Avx512MixedLutTask(
    Avx512MixedCodes bands, InputRows x, int rows, OutputRows y)
    : IParallelWork
{
    // Sums of a group, with whole registers at their end; first in the order of the registers, then in that of the
    // columns.
    private const int GroupFloats = CodeLayout.MaxGroupWidth + Avx512MixedBand.Block;
    private const int PanelFloats = PanelInputs * Avx512MixedBand.Block;

    // Inputs of a panel of a band that is not looked up.
    private const int PanelInputs = 64;

    // Enough items for the threads of a workstation, none shorter than some microseconds.
    private const int WantedItems = 16;
    private const long MinProducts = 128 * 1024;

    /// <summary>Items.</summary>
    public int Items => (bands.Codes.Groups + ItemGroups - 1) / ItemGroups;

    // Two groups at once only where each is one piece and enough items are left.
    private int Together =>
        bands.Codes.GroupWidth is <= Avx512MixedBand.Block or 2 * Avx512MixedBand.Block
            && bands.Codes.Groups >= 2 * WantedItems
            ? 2
            : 1;

    private int ItemGroups
    {
        get
        {
            int sets = bands.Codes.Groups / Together;
            long products = Math.Max(1, (long)bands.Codes.Rows * bands.Codes.Columns * rows / sets);
            return Together
                * (int)Math.Clamp((MinProducts + products - 1) / products, 1, Math.Max(1, sets / WantedItems));
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int end = Math.Min(bands.Codes.Groups, (item + 1) * ItemGroups);
        using Scratch memory = new(
            (sizeof(float) * ((2 * Together * GroupFloats) + PanelFloats)) + Avx512MixedRuns.MemoryBytes
                + bands.ScratchBytes);
        float* panel = (float*)memory.Pointer + (2 * Together * GroupFloats);
        for (int group = item * ItemGroups; group < end; group += Together)
        {
            for (int row = 0; row < rows; row++)
            {
                Multiply(group, Math.Min(Together, end - group), row, (float*)memory.Pointer, panel);
            }
        }
    }

    private void Multiply(int first, int count, int row, float* memory, float* panel)
    {
        BandedCodes codes = bands.Codes;
        int padded = (codes.GroupWidth + Avx512MixedBand.Block - 1) / Avx512MixedBand.Block * Avx512MixedBand.Block;
        float* from = x.Floats(row);
        for (int i = 0; i < 2 * count; i++)
        {
            NativeMemory.Clear(memory + (i * GroupFloats), (nuint)padded * sizeof(float));
        }

        BandSection none = default;
        for (int band = 0; band < codes.Bands.Count; band++)
        {
            BandSection a = Section(first, band);
            BandSection b = count > 1 ? Section(first + 1, band) : none;
            if (bands.LookUp(band) is { } lookUp)
            {
                LookUp(lookUp, a, b, from, memory, memory + (2 * GroupFloats), (byte*)(panel + PanelFloats));
            }
            else
            {
                Decode(a, from, memory + GroupFloats, panel);
                Decode(b, from, memory + (3 * GroupFloats), panel);
            }
        }

        for (int i = 0; i < count; i++, memory += 2 * GroupFloats)
        {
            Write(first + i, row, memory, memory + GroupFloats);
        }
    }

    private void Write(int group, int row, float* blocks, float* columns)
    {
        int first = group * bands.Codes.GroupWidth;
        int width = Math.Min(bands.Codes.GroupWidth, bands.Codes.Columns - first);
        for (int i = 0; i < width; i += Avx512MixedBand.Block)
        {
            Avx512MixedColumns.Add(blocks + i, columns + i);
        }

        y.Write(columns, first, width, row);
    }

    // A section of no rows where the group does not use the band.
    private BandSection Section(int group, int band)
    {
        foreach (BandSection section in bands.Codes.Sections(group))
        {
            if (section.Band == band)
            {
                return section;
            }
        }

        return default;
    }

    // The section of a group and that of the next, either of which may be empty.
    private void LookUp(
        Avx512MixedBand band, BandSection a, BandSection b, float* from, float* blocks, float* nextBlocks, byte* memory)
    {
        Avx512MixedRuns runs = new(memory);
        Range shared = a.Rows > 0 && b.Rows > 0 ? Avx512MixedRuns.Common(a, b, band) : default;
        fixed (byte* blob = band.Blob)
        fixed (float* codebook = band.Codebook)
        fixed (long* rotations = band.Rotations)
        {
            if (!shared.Equals(default))
            {
                nint other = ((nint)b.Position - b.FirstRow - (a.Position - a.FirstRow)) * band.BytesPerRow;
                runs.Share(shared, a, band, blob, from);
                Avx512MixedDispatch.Add(band, runs, other, codebook, rotations, blocks, nextBlocks);
            }

            for (int piece = 0; piece * band.Width < bands.Codes.GroupWidth; piece++)
            {
                Add(band, a, shared, runs, blob
                    + band.Offset(piece), from, codebook, rotations, blocks + (piece * band.Width));
            }

            Add(band, b, shared, runs, blob, from, codebook, rotations, nextBlocks);
        }
    }

    private static void Add(
        Avx512MixedBand band, BandSection section, Range without, Avx512MixedRuns runs, byte* codes, float* from,
        float* codebook,
        long* rotations, float* blocks)
    {
        if (section.Rows > 0)
        {
            runs.Cut(section, band, codes, from, without);
            Avx512MixedDispatch.Add(band, runs, 0, codebook, rotations, blocks, null);
        }
    }

    private void Decode(BandSection section, float* from, float* columns, float* panel)
    {
        for (int first = 0; first < bands.Codes.GroupWidth && section.Rows > 0; first += Avx512MixedBand.Block)
        {
            // Up to a whole register: columns of the group, or zeros behind them.
            int width = Math.Min(
                Avx512MixedBand.Block,
                (bands.Codes.GroupWidth - first + PanelProduct.Block - 1) / PanelProduct.Block * PanelProduct.Block);
            for (int k = 0; k < section.Rows; k += PanelInputs)
            {
                int count = Math.Min(PanelInputs, section.Rows - k);
                bands.Decoder(section.Band)
                    .Decode(
                        0, section.Position + k, first, width, null, count, panel, width, (byte*)(panel + PanelFloats));
                PanelProduct.Accumulate(
                    from + section.FirstRow + k, x.Stride, 1, panel, width, count, columns + first);
            }
        }
    }
}

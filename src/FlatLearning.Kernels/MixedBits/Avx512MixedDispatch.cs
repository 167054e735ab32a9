namespace FlatLearning.Kernels.MixedBits;

/// <summary>The look-up product of a section by the kernel of its bits, taps and width.</summary>
internal static unsafe class Avx512MixedDispatch
{
    /// <summary>
    /// Adds one piece of a section, or where <paramref name="otherSums"/> is there two of different groups with the
    /// same runs; parameters as in <see cref="Avx512MixedSums{TBits, TTaps, TBlocks, TRows}.Add"/>.
    /// </summary>
    public static void Add(
        Avx512MixedBand band, in Avx512MixedRuns runs, nint other, float* codebook, long* rotations, float* sums,
        float* otherSums)
    {
        switch (band.Bits)
        {
            case 2: Pairs(band, runs, other, codebook, rotations, sums, otherSums); break;
            case 3: Taps<Three>(band, runs, other, codebook, rotations, sums, otherSums); break;
            case 4: Taps<Four>(band, runs, other, codebook, rotations, sums, otherSums); break;
            case 5: Taps<Five>(band, runs, other, codebook, rotations, sums, otherSums); break;
            default: Taps<Six>(band, runs, other, codebook, rotations, sums, otherSums); break;
        }
    }

    private static void Taps<TBits>(
        Avx512MixedBand band, in Avx512MixedRuns runs, nint other, float* codebook, long* rotations, float* sums,
        float* otherSums)
        where TBits : unmanaged, ICount
    {
        switch (band.Taps)
        {
            case 1: Blocks<TBits, One>(band, runs, other, codebook, rotations, sums, otherSums); break;
            case 2: Blocks<TBits, Two>(band, runs, other, codebook, rotations, sums, otherSums); break;
            case 3: Blocks<TBits, Three>(band, runs, other, codebook, rotations, sums, otherSums); break;
            case 4: Blocks<TBits, Four>(band, runs, other, codebook, rotations, sums, otherSums); break;
            default: Blocks<TBits, Five>(band, runs, other, codebook, rotations, sums, otherSums); break;
        }
    }

    private static void Pairs(
        Avx512MixedBand band, in Avx512MixedRuns runs, nint other, float* codebook, long* rotations, float* sums,
        float* otherSums)
    {
        switch (band.Taps)
        {
            case 1: Blocks<Two, Two>(band, runs, other, codebook, rotations, sums, otherSums); break;
            case 2: Blocks<Two, Three>(band, runs, other, codebook, rotations, sums, otherSums); break;
            case 3: Blocks<Two, Four>(band, runs, other, codebook, rotations, sums, otherSums); break;
            case 4: Blocks<Two, Five>(band, runs, other, codebook, rotations, sums, otherSums); break;
            default: Blocks<Two, Six>(band, runs, other, codebook, rotations, sums, otherSums); break;
        }
    }

    private static void Blocks<TBits, TTaps>(
        Avx512MixedBand band, in Avx512MixedRuns runs, nint other, float* codebook, long* rotations, float* sums,
        float* otherSums)
        where TBits : unmanaged, ICount
        where TTaps : unmanaged, ICount
    {
        (nint step, nint second) = (band.Step, band.Second);
        switch (band.Width > Avx512MixedBand.Block, otherSums is null)
        {
            case (false, true): Avx512MixedSums<TBits, TTaps, One, One>.Add(
                runs, step, second, 0, codebook, rotations, sums, null); break;
            case (false, false): Avx512MixedSums<TBits, TTaps, One, Two>.Add(
                runs, step, second, other, codebook, rotations, sums, otherSums); break;
            case (true, true): Avx512MixedSums<TBits, TTaps, Two, One>.Add(
                runs, step, second, 0, codebook, rotations, sums, null); break;
            default: Avx512MixedSums<TBits, TTaps, Two, Two>.Add(
                runs, step, second, other, codebook, rotations, sums, otherSums); break;
        }
    }

    /// <summary>Decodes one block of 64 columns of some rows.</summary>
    /// <param name="band">The band.</param>
    /// <param name="codes">Row 0 of the piece.</param>
    /// <param name="block">The block of the piece.</param>
    /// <param name="first">The first row, counted in the band.</param>
    /// <param name="rows">How many.</param>
    /// <param name="panel">[rows, 4, 16], see <see cref="Avx512MixedDecode{TBits, TTaps, TBlocks}"/>.</param>
    public static void Decode(Avx512MixedBand band, byte* codes, int block, int first, int rows, float* panel)
    {
        switch (band.Bits)
        {
            case 2: Decode<Two>(band, codes, block, first, rows, panel); break;
            case 3: Decode<Three>(band, codes, block, first, rows, panel); break;
            case 4: Decode<Four>(band, codes, block, first, rows, panel); break;
            case 5: Decode<Five>(band, codes, block, first, rows, panel); break;
            default: Decode<Six>(band, codes, block, first, rows, panel); break;
        }
    }

    private static void Decode<TBits>(Avx512MixedBand band, byte* codes, int block, int first, int rows, float* panel)
        where TBits : unmanaged, ICount
    {
        switch (band.Taps)
        {
            case 1: Decode<TBits, One>(band, codes, block, first, rows, panel); break;
            case 2: Decode<TBits, Two>(band, codes, block, first, rows, panel); break;
            case 3: Decode<TBits, Three>(band, codes, block, first, rows, panel); break;
            case 4: Decode<TBits, Four>(band, codes, block, first, rows, panel); break;
            default: Decode<TBits, Five>(band, codes, block, first, rows, panel); break;
        }
    }

    private static void Decode<TBits, TTaps>(
        Avx512MixedBand band, byte* codes, int block, int first, int rows, float* panel)
        where TBits : unmanaged, ICount
        where TTaps : unmanaged, ICount
    {
        nint rowBytes = band.BytesPerRow;
        int before = Math.Min(band.Taps - 1, first);
        codes += first * rowBytes;
        fixed (float* table = band.Table)
        fixed (long* rotations = &band.Rotations[block * Avx512MixedBand.RotationsOfBlock])
        {
            if (band.Width == Avx512MixedBand.Block)
            {
                Avx512MixedDecode<TBits, TTaps, One>.Decode(
                    codes, before, rowBytes, band.FirstBytes, table, rotations, rows, panel);
            }
            else
            {
                Avx512MixedDecode<TBits, TTaps, Two>.Decode(
                    codes, before, rowBytes, band.FirstBytes, table, rotations, rows, panel);
            }
        }
    }
}

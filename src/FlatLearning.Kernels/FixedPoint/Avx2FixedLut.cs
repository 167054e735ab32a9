using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>The look-up product in fixed point, see <see cref="FixedTables"/>.</summary>
internal sealed unsafe class Avx2FixedLut : IMatMulKernel, ICatalogued
{
    // Tables beyond this leave the second-level cache.
    private const long MaxTableBytes = 1 << 20;

    private readonly FixedCodes _codes;
    private readonly FixedTables _tables;

    private Avx2FixedLut(FixedCodes codes, KernelRequest request)
    {
        (_codes, _tables, Ends) = (codes, new FixedTables(codes), request.Ends);
        MaxRows = Math.Min(request.Cache.MaxCodeRows, MaxRowsOf(codes.Bits, codes.Taps));
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx2-fixed-lut",
        InstructionSets.Avx2,
        "up to 4 to 32, by bits and taps, unless activations are exact",
        "codes of 2 to 6 bits",
        "tables of all taps of an input in 14-bit whole numbers, as two planes of bytes; shuffles by 32 codes at once");

    /// <inheritdoc/>
    public long MaxRows { get; }

    /// <inheritdoc/>
    public long MaxPassRows => Math.Max(1, MaxTableBytes / ((long)InputBlocks * _tables.BlockBytes));

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.ScaledAndPadded;

    private int InputBlocks => (Ends.Rows + FixedTables.BlockInputs - 1) / FixedTables.BlockInputs;

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx2.IsSupported || (Avx512BW.IsSupported && !KernelChoice.IsOpen))
        {
            return null;
        }

        return request.Takes256
            && (request.IsOnly || request.Settings.Activations != Activations.Exact)
            && request.Avx2Codes is { } codes
            ? new Avx2FixedLut(new FixedCodes(codes), request)
            : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        int count = (int)rows * InputBlocks;
        using Scratch memory = new(((long)count * _tables.BlockBytes) + (sizeof(float) * count));
        byte* tables = (byte*)memory.Pointer;
        float* units = (float*)(tables + ((long)count * _tables.BlockBytes));
        FixedTableTask write = new(_tables, x, Ends.Rows, tables, units);
        workers.For(ref write, (int)rows * write.ItemsOfRow);
        FixedLutTask look = new(_codes, tables, _tables.BlockBytes, units, (int)rows, y);
        workers.For(ref look, look.Items);
    }

    // Each row costs its look-ups, while panels are decoded once for all rows: see kernel-limits.md under
    // benchmarks/results.
    private static int MaxRowsOf(int bits, int taps) => (bits, taps) switch
    {
        (<= 2, _) => 32,
        (<= 4, 1) => 14,
        (<= 4, _) => 20,
        (5, _) => 8,
        _ => 4,
    };
}

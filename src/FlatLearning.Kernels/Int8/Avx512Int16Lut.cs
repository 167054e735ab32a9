using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.Lut;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Int8;

/// <summary>The look-up product in whole numbers, see <see cref="Avx512Int16Codes"/>.</summary>
internal sealed unsafe class Avx512Int16Lut : IMatMulKernel, ICatalogued
{
    private readonly Avx512Int16Codes _codes;

    private Avx512Int16Lut(Avx512Int16Codes codes, ProductEnds ends) => (_codes, Ends) = (codes, ends);

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx512-int16-lut",
        InstructionSets.Avx512,
        "up to 2 to 12, by bits and taps, with int8 activations",
        "codes of 2, 3 or 4 bits in wide groups",
        "as avx512-permute-lut with tables in 16-bit whole numbers, one unit per row and 32 inputs");

    /// <inheritdoc/>
    public long MaxRows => MaxRowsOf(_codes.Lut.Bits, _codes.Lut.Taps);

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.ScaledAndPadded;

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx512BW.IsSupported)
        {
            return null;
        }

        return (request.IsOnly || request.Settings.Activations == Activations.Int8)
            && request.OnlyCodes is { } codes
            && Avx512Int16Codes.TryCreate(codes) is { } tables
            ? new Avx512Int16Lut(tables, request.Ends)
            : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        int blocks = (Ends.Rows + Avx512Int16Codes.BlockInputs - 1) / Avx512Int16Codes.BlockInputs;
        long tableBytes = sizeof(short) * rows * _codes.Lut.Tables * Avx512LutCodes.Entries;
        using Scratch memory = new(tableBytes + (sizeof(float) * rows * blocks));
        short* tables = (short*)memory.Pointer;
        float* units = (float*)((byte*)memory.Pointer + tableBytes);
        Avx512Int16TableTask write = new(_codes, x, Ends.Rows, tables, units);
        workers.For(ref write, (int)rows * write.ItemsOfRow);
        Avx512Int16LutTask look = new(_codes, tables, units, (int)rows, y);
        workers.For(ref look, look.Items);
    }

    // Each row costs a pass over the codes, while the fused product decodes once for several: see kernel-limits.md
    // under benchmarks/results.
    private static int MaxRowsOf(int bits, int taps) => (bits, taps) switch
    {
        (2, 1) => 8,
        (2, _) => 12,
        (4, 1) => 3,
        (4, _) => 8,
        (_, 1) => 2,
        _ => 6,
    };
}

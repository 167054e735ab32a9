using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>The look-up product of 2-bit codes in 256-bit registers.</summary>
internal sealed class Avx2BlockLut : IMatMulKernel, ICatalogued
{
    private readonly TableCodes _codes;

    private Avx2BlockLut(TableCodes codes, KernelRequest request)
    {
        (_codes, Ends) = (codes, request.Ends);

        // Panels take the same time for as many rows: see kernel-limits.md under benchmarks/results.
        MaxRows = Math.Min(request.Cache.MaxCodeRows, 5);
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx2-block-lut",
        InstructionSets.Avx2,
        "up to 5",
        "codes of 2 bits",
        "tables of all taps of an input, four floats twice in a register; permutations by the codes");

    /// <inheritdoc/>
    public long MaxRows { get; }

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.ScaledAndPadded;

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx2.IsSupported || (Avx512F.IsSupported && !KernelChoice.IsOpen))
        {
            return null;
        }

        return request.Takes256 && request.Codes is { Bits: 2 } codes ? new Avx2BlockLut(codes, request) : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        BlockLutTask<Avx2BlockSums> task = new(_codes, x, y);
        workers.For(ref task, checked((int)rows * _codes.Layout.Groups));
    }
}

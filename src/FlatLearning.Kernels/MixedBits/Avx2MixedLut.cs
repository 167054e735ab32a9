using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// The look-up product of mixed codes in 256-bit registers, by bytes as <see cref="Lut.Avx2ShuffleLut"/>.
/// </summary>
internal sealed class Avx2MixedLut : IMatMulKernel, ICatalogued
{
    private readonly Avx2MixedCodes _codes;

    private Avx2MixedLut(Avx2MixedCodes codes, ProductEnds ends) => (_codes, Ends) = (codes, ends);

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx2-mixed-lut",
        InstructionSets.Avx2,
        "up to 2",
        "codes of mixed widths, none of 8 bits",
        "as avx2-shuffle-lut, section by section, tables shared by neighbouring groups");

    // A pass over the codes for each row: see kernel-limits.md under benchmarks/results.

    /// <inheritdoc/>
    public long MaxRows => 2;

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.ScaledAndPadded;

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx2.IsSupported || (Avx512DQ.IsSupported && !KernelChoice.IsOpen))
        {
            return null;
        }

        return request.Takes256 && request.Avx2Mixed is { IsComplete: true } codes
            ? new Avx2MixedLut(codes, request.Ends)
            : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        Avx2MixedLutTask task = new(_codes, x, (int)rows, y);
        workers.For(ref task, task.Items);
    }
}

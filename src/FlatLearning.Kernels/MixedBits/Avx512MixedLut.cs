using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>The look-up product of mixed codes: 64 columns of a section at once, tables shared by two groups.</summary>
internal sealed class Avx512MixedLut : IMatMulKernel, ICatalogued
{
    private readonly Avx512MixedCodes _codes;

    private Avx512MixedLut(Avx512MixedCodes codes, ProductEnds ends) => (_codes, Ends) = (codes, ends);

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx512-mixed-lut",
        InstructionSets.Avx512,
        "up to 2",
        "codes of mixed widths",
        "as avx512-permute-lut, section by section, 64 columns as the bytes of a register");

    // A pass over the codes for each row: see kernel-limits.md under benchmarks/results.

    /// <inheritdoc/>
    public long MaxRows => 2;

    /// <inheritdoc/>
    public long MaxPassRows => Avx512MixedGemm.PassRows;

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.Scaled;

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx512DQ.IsSupported)
        {
            return null;
        }

        return request.Avx512Mixed is { } codes ? new Avx512MixedLut(codes, request.Ends) : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        Avx512MixedLutTask task = new(_codes, x, (int)rows, y);
        workers.For(ref task, task.Items);
    }
}

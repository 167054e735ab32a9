using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>The look-up product of groups that are too narrow for <see cref="Avx512PermuteLut"/>.</summary>
internal sealed class Avx512BlockLut : IMatMulKernel, ICatalogued
{
    private readonly TableCodes _codes;

    private Avx512BlockLut(TableCodes codes, KernelRequest request)
    {
        (_codes, Ends) = (codes, request.Ends);

        // The fused product decodes once for several rows.
        MaxRows = Math.Min(request.Cache.MaxCodeRows, 1);
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx512-block-lut",
        InstructionSets.Avx512,
        "1",
        "codes of 2 or 4 bits",
        "as avx512-permute-lut, 16 bytes of codes per input at a time, tables made in registers again for each");

    /// <inheritdoc/>
    public long MaxRows { get; }

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.ScaledAndPadded;

    /// <summary>Whether a weight's codes suit.</summary>
    public static bool Suits(TableCodes codes) => codes.Bits is 2 or 4;

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx512F.IsSupported)
        {
            return null;
        }

        return request.Codes is { } codes && Suits(codes)
            ? new Avx512BlockLut(codes, request)
            : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        BlockLutTask<Avx512BlockSums> task = new(_codes, x, y);
        workers.For(ref task, checked((int)rows * _codes.Layout.Groups));
    }
}

using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn.Terms;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>The look-up product of groups that are too narrow for <see cref="Avx512PermuteLut"/>.</summary>
internal sealed class Avx512BlockLut : IMatMulKernel, ICatalogued
{
    private readonly BlockLutTables _tables;

    private Avx512BlockLut(UniformCodes codes, KernelRequest request)
    {
        (_tables, Ends) = (new BlockLutTables(codes), request.Ends);

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

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx512F.IsSupported)
        {
            return null;
        }

        return request.Codes is { } codes && BlockLutTables.Suits(codes)
            ? new Avx512BlockLut(codes, request)
            : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        BlockLutTask<Avx512BlockSums> task = new(_tables, x, y);
        workers.For(ref task, checked((int)rows * _tables.Packed.Layout.Groups));
    }
}

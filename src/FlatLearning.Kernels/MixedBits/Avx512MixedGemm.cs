using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>Mixed codes dequantised into panels of 64 columns and multiplied in the order of the registers.</summary>
internal sealed class Avx512MixedGemm : IMatMulKernel, ICatalogued
{
    /// <summary>Rows that are brought into order at once: what they take beside x and y stays small.</summary>
    public const int PassRows = 4096;

    private readonly Avx512MixedCodes _codes;

    private Avx512MixedGemm(Avx512MixedCodes codes, ProductEnds ends) => (_codes, Ends) = (codes, ends);

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx512-mixed-gemm",
        InstructionSets.Avx512,
        "any",
        "codes of mixed widths",
        "blocks of 64 columns dequantised section by section into cache, multiplied in the order of the registers");

    /// <inheritdoc/>
    public long MaxRows => long.MaxValue;

    /// <inheritdoc/>
    public long MaxPassRows => PassRows;

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

        return request.Avx512Mixed is { } codes ? new Avx512MixedGemm(codes, request.Ends) : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        PanelGrid grid = new(rows, Ends.Rows, Ends.Columns, _codes.Codes.Groups * _codes.BlocksOfGroup);
        Avx512MixedGemmTask task = new(_codes, grid, x, y);
        workers.For(ref task, grid.Items);
    }
}

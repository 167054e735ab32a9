using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>Codes of one width, dequantised panel by panel.</summary>
internal sealed class Avx512DequantGemm : PanelGemm, ICatalogued
{
    private Avx512DequantGemm(PanelSource panels, KernelRequest request)
        : base(panels, request.Ends, SimdWidth.Widest)
    {
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx512-dequant-gemm",
        InstructionSets.Avx512,
        "any",
        "codes of one width",
        "panels of codes dequantised into cache by permutation, multiplied by tiles of 6 x 64 sums");

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx512F.IsSupported)
        {
            return null;
        }

        return request.Codes is { } codes
            ? new Avx512DequantGemm(
                new CodePanels(codes, request.Ends.RowScale, null, SimdWidth.Widest), request)
            : null;
    }
}

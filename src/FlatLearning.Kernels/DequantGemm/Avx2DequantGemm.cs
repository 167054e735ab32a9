using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>Codes of one width, dequantised panel by panel, in 256-bit registers.</summary>
internal sealed class Avx2DequantGemm : PanelGemm, ICatalogued
{
    private Avx2DequantGemm(PanelSource panels, KernelRequest request)
        : base(panels, request.Ends, SimdWidth.Bits256)
    {
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx2-dequant-gemm",
        InstructionSets.Avx2,
        "any",
        "codes of one width",
        "panels of codes dequantised into cache by shuffles or permutations, multiplied by tiles of 6 x 16 sums");

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx2.IsSupported || (Avx512F.IsSupported && !KernelChoice.IsOpen))
        {
            return null;
        }

        return request.Takes256 && request.Codes is { } codes
            ? new Avx2DequantGemm(
                new CodePanels(codes, request.Ends.RowScale, request.Avx2Codes, SimdWidth.Bits256), request)
            : null;
    }
}

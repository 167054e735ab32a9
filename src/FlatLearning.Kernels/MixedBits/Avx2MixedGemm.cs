using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.DequantGemm;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>Mixed codes, dequantised panel by panel, in 256-bit registers.</summary>
internal sealed class Avx2MixedGemm : PanelGemm, ICatalogued
{
    private Avx2MixedGemm(PanelSource panels, KernelRequest request)
        : base(panels, request.Ends, SimdWidth.Bits256)
    {
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx2-mixed-gemm",
        InstructionSets.Avx2,
        "any",
        "codes of mixed widths",
        "as avx2-dequant-gemm, one section of a column group after the other");

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx2.IsSupported || (Avx512F.IsSupported && !KernelChoice.IsOpen))
        {
            return null;
        }

        return request.Takes256 && request.Mixed is { } codes
            ? new Avx2MixedGemm(
                new MixedPanels(codes, request.Ends.RowScale!, request.Avx2Mixed, SimdWidth.Bits256), request)
            : null;
    }
}

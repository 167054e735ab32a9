using FlatLearning.Dyn.Decoding;
using FlatLearning.Kernels.Ends;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>A small weight, dequantised once when the kernel is created and kept in float32.</summary>
internal sealed class CachedGemm : PanelGemm, ICatalogued
{
    private CachedGemm(PanelSource panels, ProductEnds ends)
        : base(panels, ends, SimdWidth.Widest)
    {
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "cached-gemm",
        InstructionSets.None,
        "any",
        "weights of up to 131,072 elements; a metric that nothing else serves up to 262,144",
        "all of the weight dequantised when it is prepared, multiplied by tiles of sums in registers");

    /// <inheritdoc/>
    public override string Description => "decoded once and kept in float32";

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (request.IsFloat64 || !request.Weight.IsScaled || !(request.IsOnly || request.Cache.IsDecoded))
        {
            return null;
        }

        // Sparse elements stand behind the scales: with them, all of W is decoded.
        bool isWhole = !request.IsAllScaled;
        CachedPanels panels = new(
            request.Decoder, isWhole ? DecodeParts.All : DecodeParts.Unscaled | DecodeParts.RowScale);
        return new CachedGemm(panels, ProductEnds.Natural(request.Weight, request.Bias, isWhole));
    }
}

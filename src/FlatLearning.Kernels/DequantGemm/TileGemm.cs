namespace FlatLearning.Kernels.DequantGemm;

/// <summary>Any weight without sparse elements, decoded tile by tile in every run.</summary>
internal sealed class TileGemm : PanelGemm, ICatalogued
{
    private TileGemm(KernelRequest request)
        : base(new TilePanels(request.Decoder), request.Ends, SimdWidth.Widest)
    {
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "tile-gemm",
        InstructionSets.None,
        "any",
        "every weight without sparse elements: window tables, rough metrics, processors without AVX2",
        "panels by the general decoder, multiplied by tiles of sums in registers");

    /// <inheritdoc/>
    public override string Description => "decoded by tiles in every run";

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request) =>
        !request.IsFloat64 && request.IsAllScaled ? new TileGemm(request) : null;
}

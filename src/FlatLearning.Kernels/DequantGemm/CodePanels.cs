using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Lut;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>Panels of a weight without a metric whose codes of one width go through a sum of tables.</summary>
internal sealed unsafe class CodePanels : PanelSource
{
    private readonly CodeRowsDecoder _decoder;
    private readonly float[]? _rowScale;
    private readonly GroupParts _parts;

    private CodePanels(DynWeight weight, Avx2LutCodes? bytes)
    {
        _decoder = new CodeRowsDecoder(weight.Codes!, weight.Codebook!, bytes);
        _rowScale = weight.RowScale?.Values;
        _parts = new GroupParts(weight.Columns, weight.Codes!.Layout.GroupWidth);
    }

    /// <inheritdoc/>
    public override int Parts => _parts.Count;

    /// <inheritdoc/>
    public override int ScratchBytes => _decoder.ScratchBytes;

    /// <summary>The panels, or null where weight or processor do not suit.</summary>
    public static CodePanels? TryCreate(DynWeight weight, Avx2LutCodes? bytes) =>
        Avx2.IsSupported && weight.Metric is null && weight.Codebook is { IsWindow: false }
            ? new CodePanels(weight, bytes)
            : null;

    /// <inheritdoc/>
    public override PanelPart Part(int part) => _parts.Part(part);

    /// <inheritdoc/>
    public override void Decode(PanelPart part, int firstInput, int inputs, float* panel, byte* scratch)
    {
        fixed (float* scales = _rowScale)
        {
            _decoder.Decode(
                part.Group, firstInput, part.First, part.Width, scales is null ? null : scales + firstInput, inputs,
                panel, part.Width, scratch);
        }
    }
}

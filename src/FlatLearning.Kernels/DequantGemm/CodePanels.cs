using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Lut;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>Panels of a weight without a metric whose codes of one width go through a sum of tables.</summary>
internal sealed unsafe class CodePanels : PanelSource
{
    private readonly CodeRowsDecoder _decoder;
    private readonly float[]? _rowScale;
    private readonly GroupParts _parts;

    /// <summary>Prepares panels.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="rowScale">rho [K], or null for ones.</param>
    /// <param name="bytes">The same codes for look-ups of bytes, or null.</param>
    /// <param name="width">Registers.</param>
    public CodePanels(TableCodes codes, float[]? rowScale, Avx2LutCodes? bytes, SimdWidth width)
    {
        _decoder = new CodeRowsDecoder(codes, bytes, width);
        _rowScale = rowScale;
        _parts = new GroupParts(codes.Layout.Columns, codes.Layout.GroupWidth);
    }

    /// <inheritdoc/>
    public override bool DecodesAhead => true;

    /// <inheritdoc/>
    public override int Parts => _parts.Count;

    /// <inheritdoc/>
    public override int ScratchBytes => _decoder.ScratchBytes;

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

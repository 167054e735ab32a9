using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// Panels of a weight without a metric whose codes have several widths: one section of a column group after the other,
/// zeros behind the last.
/// </summary>
internal sealed unsafe class MixedPanels : PanelSource
{
    private readonly BandedCodes _bands;
    private readonly CodeRowsDecoder?[] _decoders;
    private readonly float[] _rowScale;
    private readonly GroupParts _parts;

    /// <summary>Prepares panels.</summary>
    /// <param name="bands">The codes.</param>
    /// <param name="rowScale">rho [K], in the order of the codes.</param>
    /// <param name="bytes">The same codes for look-ups of bytes, or null.</param>
    /// <param name="width">Registers.</param>
    public MixedPanels(BandedCodes bands, float[] rowScale, Avx2MixedCodes? bytes, SimdWidth width)
    {
        _bands = bands;
        _decoders = [
            .. bands.Bands.Select(
                (band, i) => TableCodes.Of(band) is { } table
                    ? new CodeRowsDecoder(table, bytes?.Band(i), width)
                    : null)];
        _rowScale = rowScale;
        _parts = new GroupParts(bands.Columns, bands.GroupWidth);
        ScratchBytes = _decoders.Max(decoder => decoder?.ScratchBytes ?? 0);
    }

    /// <inheritdoc/>
    public override bool DecodesAhead => true;

    /// <inheritdoc/>
    public override int Parts => _parts.Count;

    /// <inheritdoc/>
    public override int ScratchBytes { get; }

    /// <inheritdoc/>
    public override PanelPart Part(int part) => _parts.Part(part);

    /// <inheritdoc/>
    public override void Decode(PanelPart part, int firstInput, int inputs, float* panel, byte* scratch)
    {
        int end = firstInput + inputs;
        int k = firstInput;
        fixed (float* scales = _rowScale)
        {
            foreach (BandSection section in _bands.Sections(part.Group))
            {
                int count = Math.Min(section.EndRow, end) - k;
                if (count > 0)
                {
                    int row = section.Position + k - section.FirstRow;
                    _decoders[section.Band]!.Decode(
                        0, row, part.First, part.Width, scales + k, count,
                        panel + ((long)(k - firstInput) * part.Width), part.Width, scratch);
                    k += count;
                }
            }
        }

        NativeMemory.Clear(
            panel + ((long)(k - firstInput) * part.Width), (nuint)(end - k) * (nuint)part.Width * sizeof(float));
    }
}

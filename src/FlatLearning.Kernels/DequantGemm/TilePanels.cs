using System.Runtime.InteropServices;
using FlatLearning.Dyn.Decoding;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>Panels of any weight, by the general decoder: one part per group.</summary>
internal sealed unsafe class TilePanels(WeightDecoder decoder) : PanelSource
{
    /// <inheritdoc/>
    public override int Parts => decoder.Groups;

    /// <inheritdoc/>
    public override PanelPart Part(int part)
    {
        int count = decoder.WidthOf(part);
        return new PanelPart(
            part, 0, part * decoder.GroupWidth, count,
            (count + PanelProduct.Block - 1) / PanelProduct.Block * PanelProduct.Block);
    }

    /// <inheritdoc/>
    public override void Decode(PanelPart part, int firstInput, int inputs, float* panel, byte* scratch)
    {
        // The decoder leaves columns beyond the matrix alone. They are multiplied like the others: they must be
        // numbers, and zeros are fast.
        if (part.Count != part.Width)
        {
            NativeMemory.Clear(panel, (nuint)inputs * (nuint)part.Width * sizeof(float));
        }

        decoder.DecodeTile(
            part.Group, firstInput, inputs, new Span<float>(panel, inputs * part.Width), part.Width,
            DecodeParts.Unscaled | DecodeParts.RowScale);
    }
}

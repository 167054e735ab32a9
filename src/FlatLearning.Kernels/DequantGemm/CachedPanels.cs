using System.Runtime.InteropServices;
using FlatLearning.Dyn.Decoding;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// All of a small weight, decoded once when the kernel is created: where decoding would cost as much as the product or
/// more, and the dense weight is small. Read-only afterwards. Rows and columns stand where x and y have them, whatever
/// order the codes have.
/// </summary>
internal sealed unsafe class CachedPanels : PanelSource
{
    // Four registers of the widest kind.
    private const int PartColumns = 4 * PanelProduct.Block;
    private const int Line = sizeof(float) * PanelProduct.Block;

    private readonly float[] _memory;
    private readonly float* _values;
    private readonly int _inputs;
    private readonly int _columns;

    /// <summary>Decodes.</summary>
    /// <param name="decoder">The weight.</param>
    /// <param name="parts">What of it: with the column scales where they are not applied to the sums.</param>
    public CachedPanels(WeightDecoder decoder, DecodeParts parts)
    {
        (_inputs, _columns) = (decoder.Rows, decoder.Columns);
        float[] dense = new float[_inputs * _columns];
        decoder.Decode(dense, parts);

        // Columns beyond the matrix are zeros. Registers are loaded from whole cache lines.
        int floats = _inputs * ((_columns + PanelProduct.Block - 1) / PanelProduct.Block * PanelProduct.Block);
        _memory = GC.AllocateArray<float>(floats + PanelProduct.Block, pinned: true);
        nint start = Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _values = (float*)((start + Line - 1) / Line * Line);
        for (int number = 0; number < Parts; number++)
        {
            PanelPart part = Part(number);
            for (int k = 0; k < _inputs; k++)
            {
                dense.AsSpan((k * _columns) + part.First, part.Count)
                    .CopyTo(new Span<float>(_values + Start(part) + (k * part.Width), part.Count));
            }
        }
    }

    /// <inheritdoc/>
    public override int Parts => (_columns + PartColumns - 1) / PartColumns;

    /// <inheritdoc/>
    public override int BufferFloats => 0;

    /// <inheritdoc/>
    public override int InputsOf(PanelPart part) => MaxInputs;

    /// <inheritdoc/>
    public override PanelPart Part(int part)
    {
        int first = part * PartColumns;
        int count = Math.Min(PartColumns, _columns - first);
        return new PanelPart(
            0, first, first, count, (count + PanelProduct.Block - 1) / PanelProduct.Block * PanelProduct.Block);
    }

    /// <inheritdoc/>
    public override float* Panel(PanelPart part, int firstInput, int inputs, float* buffer, byte* scratch) =>
        _values + Start(part) + (firstInput * part.Width);

    /// <inheritdoc/>
    public override void Decode(PanelPart part, int firstInput, int inputs, float* panel, byte* scratch) =>
        new Span<float>(_values + Start(part) + (firstInput * part.Width), inputs * part.Width).CopyTo(
            new Span<float>(panel, inputs * part.Width));

    // All parts before are full.
    private int Start(PanelPart part) => part.First * _inputs;
}

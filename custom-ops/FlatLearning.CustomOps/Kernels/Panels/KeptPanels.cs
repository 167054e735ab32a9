namespace FlatLearning.CustomOps.Kernels.Panels;

/// <summary>
/// All panels of a small weight, decoded once when the kernel is created: where decoding would cost as much as the product or more, and the dense weight is small. Read-only afterwards.
/// </summary>
internal sealed unsafe class KeptPanels : PanelSource
{
    private readonly PanelSource _source;
    private readonly float[] _values;
    private readonly int[] _starts;

    /// <summary>Decodes.</summary>
    /// <param name="source">The panels.</param>
    /// <param name="inputs">K.</param>
    public KeptPanels(PanelSource source, int inputs)
    {
        _source = source;
        _starts = new int[source.Parts + 1];
        for (int part = 0; part < source.Parts; part++)
        {
            _starts[part + 1] = _starts[part] + (inputs * source.Part(part).Width);
        }

        _values = GC.AllocateArray<float>(_starts[^1], pinned: true);
        using Scratch scratch = new(source.ScratchBytes);
        fixed (float* values = _values)
        {
            for (int part = 0; part < source.Parts; part++)
            {
                // As many inputs at once as a source must be able to decode.
                PanelPart place = source.Part(part);
                int most = Math.Max(1, MostFloats / Math.Max(1, place.Width));
                for (int first = 0; first < inputs; first += most)
                {
                    source.Decode(place, first, Math.Min(most, inputs - first), values + _starts[part] + (first * place.Width), (byte*)scratch.Pointer);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override int Parts => _source.Parts;

    /// <inheritdoc/>
    public override PanelPart Part(int part) => _source.Part(part);

    /// <inheritdoc/>
    public override float* Panel(int number, PanelPart part, int firstInput, int inputs, float* buffer, byte* scratch)
    {
        // The array is pinned for as long as it lives.
        fixed (float* values = _values)
        {
            return values + _starts[number] + (firstInput * part.Width);
        }
    }

    /// <inheritdoc/>
    public override void Decode(PanelPart part, int firstInput, int inputs, float* panel, byte* scratch) => _source.Decode(part, firstInput, inputs, panel, scratch);
}

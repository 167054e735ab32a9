namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// W · diag(1 / gamma), handed out as panels: some neighbouring columns and some inputs in floats. The columns are cut
/// into parts of a width that suits the registers; parts are independent. Immutable.
/// </summary>
internal abstract unsafe class PanelSource
{
    /// <summary>Floats of a panel: 32 KB, which leaves room for x in the first-level cache.</summary>
    public const int MaxFloats = 8192;

    /// <summary>Inputs of the largest panel.</summary>
    public const int MaxInputs = 256;

    /// <summary>Floats of the buffer that <see cref="Panel"/> wants.</summary>
    public virtual int BufferFloats => MaxFloats;

    /// <summary>Parts of all columns.</summary>
    public abstract int Parts { get; }

    /// <summary>
    /// Whether decoding costs so much that a small weight is decoded before blocks of rows that each would do it again.
    /// </summary>
    public virtual bool DecodesAhead => false;

    /// <summary>Bytes of temporary memory that <see cref="Decode"/> wants.</summary>
    public virtual int ScratchBytes => 0;

    /// <summary>Inputs of one panel of a part.</summary>
    public virtual int InputsOf(PanelPart part) => Math.Clamp(MaxFloats / Math.Max(1, part.Width), 1, MaxInputs);

    /// <summary>Where a part lies; a part of no columns is possible.</summary>
    public abstract PanelPart Part(int part);

    /// <summary>The panel of some inputs of a part, decoded into a buffer or already there.</summary>
    /// <param name="part">The part.</param>
    /// <param name="firstInput">The first input.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="buffer">Room for [inputs, width of the part].</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes.</param>
    public virtual float* Panel(PanelPart part, int firstInput, int inputs, float* buffer, byte* scratch)
    {
        Decode(part, firstInput, inputs, buffer, scratch);
        return buffer;
    }

    /// <summary>Writes rho[k] · (metric + code) for some inputs of a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="firstInput">The first input.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="panel">[inputs, width of the part]; beyond the matrix come numbers that do not matter.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes.</param>
    public abstract void Decode(PanelPart part, int firstInput, int inputs, float* panel, byte* scratch);
}

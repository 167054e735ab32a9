using FlatLearning.Dyn.Operators;

namespace FlatLearning.Onnx.Portable.Terms;

/// <summary>
/// What a model-local function depends on of one term of a weight, compared by value, and how it writes the term in
/// standard operators. Sizes and values that differ between weights of one body are read from the node's inputs.
/// </summary>
internal abstract record TermBody
{
    /// <summary>Whether the scales of rows and columns multiply the term.</summary>
    public virtual bool IsScaled => true;

    /// <summary>Whether <see cref="Decode"/> leaves columns of padding for the caller to cut off.</summary>
    public virtual bool IsPadded => false;

    /// <summary>Whether the shape of an input tells K, and column_scale is there to tell N.</summary>
    public virtual bool SaysShape => false;

    /// <summary>Whether <see cref="Decode"/> needs K and N as values.</summary>
    public virtual bool NeedsShape => false;

    /// <summary>The last input that the term has.</summary>
    internal abstract WeightInput LastInput { get; }

    /// <summary>What weights must have in common for one body to serve them all.</summary>
    internal virtual TermBody Family => this;

    /// <summary>A body that serves two weights of one family.</summary>
    internal virtual TermBody Covering(TermBody other) => this;

    /// <summary>The term's values, float32 [K, N] or wider by padding.</summary>
    internal abstract string Decode(BodyContext context);
}

using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Onnx.Portable.Terms;

/// <summary>Codes of one width.</summary>
/// <param name="Form">Bits and taps.</param>
/// <param name="HasPadding">Whether the last group has unused columns.</param>
internal sealed record UniformCodesBody(CodeForm Form, bool HasPadding) : TermBody
{
    /// <inheritdoc/>
    public override bool IsPadded => HasPadding;

    /// <inheritdoc/>
    public override bool SaysShape => true;

    internal override WeightInput LastInput => WeightInput.Codebook;

    // Cropping what is no wider does no harm.
    internal override TermBody Family => this with { HasPadding = false };

    /// <summary>The body of a matrix of codes.</summary>
    public static UniformCodesBody Of(CodeLayout layout, Codebook book) => new(
        new CodeForm(book.Bits, book.Taps, book.IsWindow, layout.Rows < book.Taps),
        layout.Columns % layout.GroupWidth != 0);

    internal override TermBody Covering(TermBody other) =>
        this with { HasPadding = HasPadding || ((UniformCodesBody)other).HasPadding };

    internal override string Decode(BodyContext context) =>
        new CodeBody(context, Form, WeightInput.Codebook.Name()).Decode(WeightInput.Codes.Name());
}

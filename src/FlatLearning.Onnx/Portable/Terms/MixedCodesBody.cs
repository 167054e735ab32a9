using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Onnx.Portable.Terms;

/// <summary>Codes of several widths.</summary>
/// <param name="Bands">Bits and taps of every band.</param>
internal sealed record MixedCodesBody(IReadOnlyList<CodeForm> Bands) : TermBody
{
    /// <summary>
    /// The oldest operator set with a range, a cumulative sum and a sort that takes its length from a value.
    /// </summary>
    public const int OldestOpset = 11;

    internal override WeightInput LastInput => WeightInput.Bands;

    /// <summary>The body of some bands.</summary>
    public static MixedCodesBody Of(BandedCodes codes) =>
        new([.. codes.Bands.Select(band => new CodeForm(band.Codebook.Bits, band.Codebook.Taps))]);

    /// <inheritdoc/>
    public bool Equals(MixedCodesBody? other) => other is not null && Bands.SequenceEqual(other.Bands);

    /// <inheritdoc/>
    public override int GetHashCode() => Bands.Aggregate(0, HashCode.Combine);

    internal override string Decode(BodyContext context) => new BandBody(context, Bands).Decode();
}

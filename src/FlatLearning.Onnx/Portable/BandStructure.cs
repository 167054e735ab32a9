using FlatLearning.Dyn.Layout;

namespace FlatLearning.Onnx.Portable;

/// <summary>Bits and taps of the bands of a weight, as text that compares by value; empty without bands.</summary>
/// <param name="Text">For example <c>6x2 5x2 4x3</c>.</param>
public sealed record BandStructure(string Text)
{
    /// <summary>No bands.</summary>
    public static BandStructure None { get; } = new(string.Empty);

    /// <summary>Whether there are bands.</summary>
    public bool Any => Text.Length > 0;

    /// <summary>Bits of every band.</summary>
    internal IEnumerable<int> Bits => Parts(0);

    /// <summary>Taps of every band.</summary>
    internal IEnumerable<int> Taps => Parts(1);

    /// <summary>The structure of codes.</summary>
    public static BandStructure Of(BandedCodes? codes) =>
        codes is null
            ? None
            : new BandStructure(
                string.Join(' ', codes.Bands.Select(band => $"{band.Codebook.Bits}x{band.Codebook.Taps}")));

    private IEnumerable<int> Parts(int which) =>
        Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => int.Parse(part.Split('x')[which], System.Globalization.CultureInfo.InvariantCulture));
}

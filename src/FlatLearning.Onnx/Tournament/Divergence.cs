namespace FlatLearning.Onnx.Tournament;

/// <summary>
/// How far a model's outputs are from the original's, part by part: each row of an output in each run is a part, so
/// that two models can be compared on the same parts.
/// </summary>
/// <param name="Parts">What each part adds to the loss; infinite where outputs are not finite.</param>
internal sealed record Divergence(IReadOnlyList<double> Parts)
{
    /// <summary>The sum over all parts; 0 without any.</summary>
    public double Loss { get; } = Parts.Sum();

    /// <summary>No model: it could not be run.</summary>
    public static Divergence Infinite { get; } = new([double.PositiveInfinity]);
}

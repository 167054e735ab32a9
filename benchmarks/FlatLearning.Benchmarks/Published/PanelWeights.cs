namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// Weights of a panel product: weight(o, t) = Values[At + o · OutputStride + t · TermStride], and what output o starts
/// from (0 without <see cref="Starts"/>).
/// </summary>
internal readonly record struct PanelWeights(AlignedArray Values, int At, int Terms, int OutputStride, int TermStride)
{
    /// <summary>Where the starts lie in <see cref="Values"/>, or -1.</summary>
    public int Starts { get; init; } = -1;

    public float StartOf(int output) => Starts < 0 ? 0 : Values.At(Starts + output);
}

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// How far one output is from the original's; an entry of <c>outputs</c>. Null where a measure does not apply or is not
/// finite.
/// </summary>
public sealed record OutputReport
{
    /// <summary>The output's name.</summary>
    public required string Name { get; init; }

    /// <summary>max |a - b|; null where an element is not finite in one of the two only.</summary>
    public required double? MaxAbs { get; init; }

    /// <summary>mean |a - b|; null as above.</summary>
    public required double? MeanAbs { get; init; }

    /// <summary>
    /// ||a - b|| / ||a||; the share of unequal elements for integers and bools; null as above and where only the
    /// original is zero.
    /// </summary>
    public required double? RelativeL2 { get; init; }

    /// <summary>
    /// 10 log10(||a||^2 / ||a - b||^2); null where there is no difference (<see cref="Identical"/>), as above, and for
    /// integers.
    /// </summary>
    public required double? SnrDb { get; init; }

    /// <summary>a·b / (||a|| ||b||); null as above and for integers.</summary>
    public required double? Cosine { get; init; }

    /// <summary>
    /// The share of rows with the same best class; null without class axis (<see cref="ClassAxis"/>).
    /// </summary>
    public required double? Top1Agreement { get; init; }

    /// <summary>
    /// Mean Kullback-Leibler divergence from the original's class distribution, in nats; null without class axis.
    /// </summary>
    public required double? Kl { get; init; }

    /// <summary>Whether every element is equal.</summary>
    public required bool Identical { get; init; }

    /// <summary>The share of equal elements, 0 to 1.</summary>
    public required double EqualShare { get; init; }

    /// <summary>Elements compared.</summary>
    public required long Elements { get; init; }

    /// <summary>Elements of the original that are NaN or infinite.</summary>
    public required long NonFiniteOriginal { get; init; }

    /// <summary>Elements that are the same NaN or infinity in both, and in no distance.</summary>
    public required long NonFiniteInBoth { get; init; }

    /// <summary>Elements that are NaN or infinite in the converted model where the original's are finite.</summary>
    public required long NonFiniteIntroduced { get; init; }

    /// <summary>Whether the original's output is zero throughout.</summary>
    public required bool AllZeroOriginal { get; init; }

    /// <summary>Whether the converted model's output is zero throughout.</summary>
    public required bool AllZeroConverted { get; init; }

    internal static OutputReport Of(OutputStatistics statistics) => new()
    {
        Name = statistics.Name,
        MaxAbs = Finite(statistics.MaxAbs),
        MeanAbs = Finite(statistics.MeanAbs),
        RelativeL2 = Finite(statistics.RelativeL2),
        SnrDb = Finite(statistics.SnrDb),
        Cosine = Finite(statistics.Cosine),
        Top1Agreement = Finite(statistics.Classes?.Top1Agreement),
        Kl = Finite(statistics.Classes?.Kl),
        Identical = statistics.Identical,
        EqualShare = 1 - statistics.UnequalShare,
        Elements = statistics.Elements,
        NonFiniteOriginal = statistics.NonFiniteOriginal,
        NonFiniteInBoth = statistics.NonFiniteInBoth,
        NonFiniteIntroduced = statistics.Introduced,
        AllZeroOriginal = statistics.AllZeroOriginal,
        AllZeroConverted = statistics.AllZeroConverted,
    };

    /// <summary>JSON has no NaN and no infinity.</summary>
    internal static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

namespace FlatLearning.Fitting.Surveys;

/// <summary>One representation of the matrix.</summary>
public sealed record SurveyRow
{
    /// <summary>What is stored, in short: "codes 4 bits, 3 taps".</summary>
    public required string Representation { get; init; }

    /// <summary>
    /// 8 · every stored byte / (K·N); null where nothing was stored because the fit did not run to its end.
    /// </summary>
    public required double? BitsPerWeight { get; init; }

    /// <summary>||W - W~||² / ||W||²; 0 for a matrix of zeros given back as such; null without a result.</summary>
    public required double? Error { get; init; }

    /// <summary>
    /// The mean of |W - W~| over the standard deviation of W's elements; null without a result, and where W is
    /// constant.
    /// </summary>
    public required double? MeanAbsOverStd { get; init; }

    /// <summary>How many numbers are stored, codes included.</summary>
    public required long? Parameters { get; init; }

    /// <summary>Wall-clock seconds of this fit.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// "done" for what has one result, "converged" or "budget spent" for iterations, "time limit" or another reason
    /// where there is no result.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>What the points at several rates have in common: one line of a plot.</summary>
    public required string Family { get; init; }

    /// <summary>Whether it is a representation of this tool rather than a format of others.</summary>
    public required bool Own { get; init; }

    /// <summary>
    /// The rate that it is compared at; null for rounding at the bits between, which serves as the reference only.
    /// </summary>
    public required double? Rate { get; init; }

    /// <summary>Every stored byte.</summary>
    public long? StoredBytes { get; init; }

    /// <summary>
    /// Bits per weight that the best plain rounding would need for this error, interpolated, less
    /// <see cref="BitsPerWeight"/>: negative where rounding is better. Null where the error lies beyond what rounding
    /// at 1 to 8 bits reaches.
    /// </summary>
    public double? BitsSaved { get; init; }

    /// <summary>Whether it has the least error at its rate.</summary>
    public bool Best { get; init; }
}

namespace FlatLearning.Onnx.Planning;

/// <summary>A target of a conversion.</summary>
/// <param name="Kind">What is limited.</param>
/// <param name="Value">The limit in the unit of its kind; for <see cref="TargetKind.Size"/> bytes, or a share of the
/// original where <see cref="IsShare"/>.</param>
public sealed record PlanTarget(TargetKind Kind, double Value)
{
    /// <summary>Whether a size is given as a share of the original's.</summary>
    public bool IsShare { get; init; }

    /// <summary>At most this many stored bits for each weight that is converted.</summary>
    /// <param name="value">Bits over all converted weights, above 0.</param>
    public static PlanTarget BitsPerWeight(double value) => new(TargetKind.Bits, value);

    /// <summary>A file of at most this size.</summary>
    /// <param name="value">Bytes.</param>
    public static PlanTarget Bytes(long value) => new(TargetKind.Size, value);

    /// <summary>A file of at most this share of the original's size.</summary>
    /// <param name="value">The share, above 0 and below 1.</param>
    public static PlanTarget ShareOfSize(double value) => new(TargetKind.Size, value) { IsShare = true };

    /// <summary>As small as this error of the weights allows.</summary>
    /// <param name="value">Squared error over squared weights, above 0.</param>
    public static PlanTarget RelativeError(double value) => new(TargetKind.Error, value);

    /// <summary>As small as this noise at the model's outputs allows.</summary>
    /// <param name="decibels">Signal-to-noise ratio of the worst output.</param>
    public static PlanTarget SignalToNoise(double decibels) => new(TargetKind.Snr, decibels);
}

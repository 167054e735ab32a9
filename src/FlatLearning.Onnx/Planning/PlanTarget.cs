namespace FlatLearning.Onnx.Planning;

/// <summary>A target of a conversion.</summary>
/// <param name="Kind">What is limited.</param>
/// <param name="Value">The limit in the unit of its kind; for <see cref="TargetKind.Size"/> bytes, or a share of the
/// original where <see cref="IsShare"/>.</param>
public sealed record PlanTarget(TargetKind Kind, double Value)
{
    /// <summary>Whether a size is given as a share of the original's.</summary>
    public bool IsShare { get; init; }
}

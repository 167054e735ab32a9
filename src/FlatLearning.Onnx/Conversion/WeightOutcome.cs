using FlatLearning.Fitting;

namespace FlatLearning.Onnx.Conversion;

/// <summary>What was decided for one weight, before the graph is rewritten.</summary>
/// <param name="Fit">Its representation, or the reason that there is none; null where it stays.</param>
internal sealed record WeightOutcome(FitResult? Fit)
{
    /// <summary>Why it stays, where it does; one clause.</summary>
    public string? Stays { get; init; }

    /// <summary>Whether it stays because of a fault in its numbers, which the user should know of.</summary>
    public bool IsFaulty { get; init; }

    /// <summary>The second moments behind its fit: identity, layernorm, synthetic or data.</summary>
    public string Hessian { get; init; } = "identity";

    /// <summary>Why the planner chose this representation; null without a planner.</summary>
    public string? Choice { get; init; }

    /// <summary>The error that the planner predicted; null without one.</summary>
    public double? PredictedError { get; init; }
}

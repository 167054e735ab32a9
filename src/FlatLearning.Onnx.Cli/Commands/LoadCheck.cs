namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>What <c>convert</c> found when it opened the written model once.</summary>
/// <param name="Loads">Whether ONNX Runtime loads it; null where that cannot be said.</param>
/// <param name="Reason">Why it does not, or why it cannot be said; null where it loads.</param>
internal sealed record LoadCheck(bool? Loads, string? Reason);

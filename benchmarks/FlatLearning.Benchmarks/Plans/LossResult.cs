using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>What one model loses, part by part.</summary>
/// <param name="Outputs">The divergence of its outputs.</param>
/// <param name="Nll">Negative log-likelihood over the original's, shares of the mean; empty without labels.</param>
/// <param name="Accuracy">Accuracy below the original's, shares of the mean; empty without labels.</param>
internal sealed record LossResult(Divergence Outputs, IReadOnlyList<double> Nll, IReadOnlyList<double> Accuracy);

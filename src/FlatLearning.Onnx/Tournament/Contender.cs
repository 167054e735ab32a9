using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Tournament;

/// <summary>One way of converting a model within its target, and how far its outputs are from the original's.</summary>
/// <param name="Name">What it is, in words for the summary.</param>
/// <param name="Model">The converted model.</param>
/// <param name="Loss">Its loss on the inputs that decide.</param>
internal sealed record Contender(string Name, ConvertedModel Model, Divergence Loss);

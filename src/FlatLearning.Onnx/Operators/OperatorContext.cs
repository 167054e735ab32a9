using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Operators;

/// <summary>What an operator may ask of the model around a node.</summary>
/// <param name="Constants">The constants.</param>
/// <param name="Ranks">Ranks of values.</param>
/// <param name="Options">What is to be converted.</param>
internal sealed record OperatorContext(ModelConstants Constants, RankInference Ranks, ConvertOptions Options);

using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Quantised;

/// <summary>A model whose nodes compute with dense weights in the place of codes.</summary>
/// <param name="Model">The model.</param>
/// <param name="Count">Nodes that computed with codes.</param>
/// <param name="StoredBytes">For every such weight, by its name, what codes, scales and zero points take.</param>
internal sealed record DequantisedModel(OnnxModel Model, int Count, IReadOnlyDictionary<string, long> StoredBytes);

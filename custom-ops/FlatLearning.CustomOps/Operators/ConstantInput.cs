namespace FlatLearning.CustomOps.Operators;

/// <summary>A constant input of a node: the initializer itself, in place, valid as long as the node's kernel.</summary>
/// <param name="View">Type and data.</param>
/// <param name="Shape">The dimensions.</param>
public sealed record ConstantInput(TensorView View, long[] Shape);

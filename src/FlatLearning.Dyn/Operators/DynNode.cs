namespace FlatLearning.Dyn.Operators;

/// <summary>What a weight puts into a node: everything but the names and the operands.</summary>
/// <param name="Attributes">Attributes in the order of the specification.</param>
/// <param name="Inputs">The constant inputs that are present, by number.</param>
public sealed record DynNode(
    IReadOnlyList<DynAttribute> Attributes, IReadOnlyDictionary<WeightInput, ConstantTensor> Inputs);

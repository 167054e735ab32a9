namespace FlatLearning.Dyn.Operators;

/// <summary>What a weight puts into a <c>DynMatMul</c> node: everything but the names, x and the bias.</summary>
/// <param name="Attributes">Attributes in the order of the specification.</param>
/// <param name="Inputs">The constant inputs that are present, by position.</param>
public sealed record DynNode(
    IReadOnlyList<DynAttribute> Attributes, IReadOnlyDictionary<DynInput, ConstantTensor> Inputs);

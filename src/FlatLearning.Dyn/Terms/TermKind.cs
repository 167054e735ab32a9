using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn.Terms;

/// <summary>One kind of term, for what goes through all of them.</summary>
/// <param name="IsKindOf">Whether a term is of the kind.</param>
/// <param name="Attributes">The attributes that are the term's own.</param>
/// <param name="Read">Reads the term from a node, null where it has none.</param>
internal sealed record TermKind(
    Func<WeightTerm, bool> IsKindOf, IReadOnlyList<DynAttributeSpec> Attributes, Func<WeightNode, WeightTerm?> Read)
{
    /// <summary>The kind of a term.</summary>
    public static TermKind Of<T>()
        where T : WeightTerm, ITermKind<T> => new(term => term is T, T.Attributes, T.Read);
}

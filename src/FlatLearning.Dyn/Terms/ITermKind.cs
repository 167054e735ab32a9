using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn.Terms;

/// <summary>What every kind of term says of itself before there is one: a new kind implements it.</summary>
/// <typeparam name="TSelf">The term.</typeparam>
internal interface ITermKind<TSelf>
    where TSelf : WeightTerm, ITermKind<TSelf>
{
    /// <summary>The attributes that are the term's own.</summary>
    static abstract IReadOnlyList<DynAttributeSpec> Attributes { get; }

    /// <summary>
    /// Reads the term from a node that may hold anything, or finds that there is none and that nothing of it is there.
    /// Throws <see cref="DynFormatException"/> with one sentence.
    /// </summary>
    static abstract TSelf? Read(WeightNode node);
}

namespace FlatLearning.Dyn.Terms;

/// <summary>All kinds of terms: the one list to extend.</summary>
internal static class TermKinds
{
    /// <summary>
    /// In the order of reading: of the kinds of codes, those first that an attribute of their own tells.
    /// </summary>
    public static IReadOnlyList<TermKind> All { get; } =
    [
        TermKind.Of<EntropyCodes>(), TermKind.Of<MixedCodes>(), TermKind.Of<UniformCodes>(),
        TermKind.Of<MetricTerm>(), TermKind.Of<SparseTerm>(),
    ];
}

namespace FlatLearning.Onnx.Quantised;

/// <summary>
/// An operator that computes with a weight in codes of its own, and which nodes compute the same with the dense weight:
/// one file each, listed in <see cref="QuantisedSources"/>.
/// </summary>
internal interface IQuantisedSource
{
    /// <summary>The operator's type.</summary>
    string OpType { get; }

    /// <summary>The operator's domain; "" is the standard one.</summary>
    string Domain { get; }

    /// <summary>The input that holds the codes.</summary>
    int CodesInput { get; }

    /// <summary>
    /// Replaces the node, and others that serve its codes alone, by such with a dense weight. Nothing is changed where
    /// the weight is no constant or its shapes do not fit.
    /// </summary>
    void Replace(SourceContext context);
}

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>Why a value is not a constant that can be read.</summary>
internal enum NotConstantReason
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Nothing defines it.</summary>
    Undefined,

    /// <summary>It is an input of the model, of a subgraph or of a function.</summary>
    Input,

    /// <summary>It is an initializer that callers may replace, being an input too (IR 4 and later).</summary>
    Overridable,

    /// <summary>It is computed from values that are not constant, or by an operator that is not folded.</summary>
    Computed,

    /// <summary>It is a constant behind an operator or attribute whose result is not known here.</summary>
    NotFoldable,

    /// <summary>It is a constant that is not of real numbers.</summary>
    NotNumeric,
}

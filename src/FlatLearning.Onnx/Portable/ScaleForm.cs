namespace FlatLearning.Onnx.Portable;

/// <summary>How the scales of rows or columns are stored.</summary>
internal enum ScaleForm
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>As real numbers.</summary>
    Real,

    /// <summary>As 8-bit logarithms.</summary>
    Logarithm,
}

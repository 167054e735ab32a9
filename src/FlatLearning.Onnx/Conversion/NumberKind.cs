namespace FlatLearning.Onnx.Conversion;

/// <summary>What numbers a constant holds.</summary>
internal enum NumberKind
{
    /// <summary>Many different ones.</summary>
    Usual,

    /// <summary>So many that codes of 8 bits hold them exactly.</summary>
    SomeHundred,

    /// <summary>So few that codes of 4 bits hold them exactly.</summary>
    Few,

    /// <summary>Such as no representation can hold.</summary>
    Unfit,
}

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// The attribute types that <c>DynMatMul</c> uses, and those that files may have instead; numbers as in ONNX
/// AttributeProto.
/// </summary>
public enum DynAttributeType
{
    /// <summary>Empty, or of a type that is not listed.</summary>
    Other = 0,

    /// <summary>FLOAT.</summary>
    Float = 1,

    /// <summary>INT.</summary>
    Int = 2,

    /// <summary>STRING.</summary>
    String = 3,

    /// <summary>FLOATS.</summary>
    Floats = 6,

    /// <summary>INTS.</summary>
    Ints = 7,
}

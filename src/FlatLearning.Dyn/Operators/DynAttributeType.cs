namespace FlatLearning.Dyn.Operators;

/// <summary>The attribute types that <c>DynMatMul</c> uses; numbers as in ONNX AttributeProto.</summary>
public enum DynAttributeType
{
    /// <summary>INT.</summary>
    Int = 2,

    /// <summary>STRING.</summary>
    String = 3,

    /// <summary>INTS.</summary>
    Ints = 7,
}

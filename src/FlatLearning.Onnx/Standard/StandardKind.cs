namespace FlatLearning.Onnx.Standard;

/// <summary>Which of ONNX Runtime's operators reads a weight.</summary>
internal enum StandardKind
{
    /// <summary>MatMulNBits.</summary>
    Product,

    /// <summary>GatherBlockQuantized.</summary>
    Lookup,

    /// <summary>DequantizeLinear, whose output whatever reads the weight gets.</summary>
    Dense,
}

namespace FlatLearning.Onnx.Conversion;

/// <summary>By which operators a converted model reads its weights.</summary>
public enum WeightFormat
{
    /// <summary>Ours, with model-local functions for hosts without the library.</summary>
    Dyn,

    /// <summary>
    /// ONNX Runtime's own: MatMulNBits, GatherBlockQuantized and DequantizeLinear, which its builds for the web, for
    /// phones and for other execution providers read too.
    /// </summary>
    OnnxRuntime,
}

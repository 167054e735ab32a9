namespace FlatLearning.OnnxRuntime;

/// <summary>The kind of a model's input or output, with the numbers of ONNX Runtime's C API.</summary>
public enum OnnxValueKind
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>A dense tensor; the only kind that this binding passes and receives.</summary>
    Tensor = 1,

    /// <summary>A sequence.</summary>
    Sequence = 2,

    /// <summary>A map.</summary>
    Map = 3,

    /// <summary>An opaque type of some provider.</summary>
    Opaque = 4,

    /// <summary>A sparse tensor.</summary>
    SparseTensor = 5,

    /// <summary>An optional value.</summary>
    Optional = 6,
}

namespace FlatLearning.Benchmarks.Peers;

/// <summary>How a model keeps weights that went through ONNX Runtime's block quantisation.</summary>
internal enum PeerStorage
{
    /// <summary>As MatMulNBits nodes.</summary>
    Blocks,

    /// <summary>
    /// As dense float32 constants of MatMul nodes, with the values that we say MatMulNBits computes with.
    /// </summary>
    Dense,
}

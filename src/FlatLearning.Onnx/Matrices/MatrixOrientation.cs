namespace FlatLearning.Onnx.Matrices;

/// <summary>Which dimension of a stored matrix is K.</summary>
internal enum MatrixOrientation
{
    /// <summary>The first, as MatMul has its right side.</summary>
    AsStored,

    /// <summary>The second, as Gemm with transB and PyTorch's layers have it.</summary>
    Transposed,
}

namespace FlatLearning.Benchmarks;

/// <summary>
/// A MatMul or Gemm weight, row-major [K, N]; <paramref name="Transposed"/> where the model stores it as [N, K].
/// </summary>
internal sealed record MatrixWeight(string Name, float[] Values, int Rows, int Columns, bool Transposed = false);

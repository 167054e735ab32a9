namespace FlatLearning.Benchmarks;

/// <summary>A MatMul or Gemm weight, row-major [K, N].</summary>
internal sealed record MatrixWeight(string Name, float[] Values, int Rows, int Columns);

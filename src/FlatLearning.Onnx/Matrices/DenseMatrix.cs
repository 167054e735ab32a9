namespace FlatLearning.Onnx.Matrices;

/// <summary>One matrix out of a file, ready to be fitted: finite, in float32.</summary>
/// <param name="Source">The file, with the name inside it where there is one: <c>model.onnx::W</c>.</param>
/// <param name="Type">Element type in the file: <c>float16</c>.</param>
/// <param name="StoredDims">Shape in the file.</param>
/// <param name="Values">Row-major [Rows, Columns].</param>
/// <param name="Rows">K, 1 or more.</param>
/// <param name="Columns">N, 1 or more.</param>
internal sealed record DenseMatrix(
    string Source, string Type, IReadOnlyList<long> StoredDims, ReadOnlyMemory<float> Values, int Rows, int Columns);

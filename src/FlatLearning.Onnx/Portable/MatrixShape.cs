namespace FlatLearning.Onnx.Portable;

/// <summary>K rows and N columns.</summary>
internal readonly record struct MatrixShape(long Rows, long Columns);

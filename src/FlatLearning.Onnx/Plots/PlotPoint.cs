namespace FlatLearning.Onnx.Plots;

/// <summary>A point of a plot.</summary>
/// <param name="X">Position on the linear axis.</param>
/// <param name="Y">Position on the logarithmic axis, above 0.</param>
/// <param name="Hover">What the pointer shows.</param>
internal sealed record PlotPoint(double X, double Y, string Hover);

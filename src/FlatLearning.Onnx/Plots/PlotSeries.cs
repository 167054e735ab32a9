namespace FlatLearning.Onnx.Plots;

/// <summary>Points that are joined by a line, in ascending order of X.</summary>
/// <param name="Name">The label beside its last point.</param>
/// <param name="Emphasised">Solid and strong rather than dashed and thin.</param>
/// <param name="Points">At least one.</param>
internal sealed record PlotSeries(string Name, bool Emphasised, IReadOnlyList<PlotPoint> Points);

namespace FlatLearning.Onnx.Planning;

/// <summary>How a target was met; <c>target</c> in the JSON of <c>convert</c>.</summary>
/// <param name="Kind">bits, size, error or snr.</param>
/// <param name="Asked">The limit; bytes for a size.</param>
/// <param name="Reached">What came out in the same unit; predicted for a dry run.</param>
/// <param name="Met">Whether the limit holds.</param>
/// <param name="PredictedBytes">Bytes of the converted model as the plan predicted them.</param>
/// <param name="PredictedError">Squared error over energy of all planned weights, under the H in use, as the plan
/// predicted it.</param>
/// <param name="Error">The same as the fits have it; null for a dry run.</param>
public sealed record TargetReport(
    string Kind, double Asked, double? Reached, bool Met, long PredictedBytes, double PredictedError, double? Error);

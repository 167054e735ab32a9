namespace FlatLearning.OnnxRuntime;

/// <summary>One message from ONNX Runtime's log.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="LogId">The session's log id, empty for the environment.</param>
/// <param name="Location">Where in ONNX Runtime's source it was written.</param>
/// <param name="Text">What it says.</param>
public sealed record OrtLogMessage(OrtLogSeverity Severity, string LogId, string Location, string Text);

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>A line of ONNX Runtime's log.</summary>
/// <param name="LogId">The session's <c>LogId</c>.</param>
/// <param name="Text">The message.</param>
internal sealed record OrtLogMessage(string LogId, string Text);

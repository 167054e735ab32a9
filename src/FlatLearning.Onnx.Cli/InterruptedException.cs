namespace FlatLearning.Onnx.Cli;

/// <summary>
/// An interruption after which something stands that the user must know of. The message is one sentence.
/// </summary>
internal sealed class InterruptedException(string message, Exception inner)
    : OperationCanceledException(message, inner);

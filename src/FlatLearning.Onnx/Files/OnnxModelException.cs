namespace FlatLearning.Onnx.Files;

/// <summary>
/// A model, tensor or test file that cannot be used: the message is one sentence that names the file and what to do,
/// with its FLAT number. Every defect of an input ends here; any other exception out of this library's readers is a
/// defect of the library.
/// </summary>
public sealed class OnnxModelException : Exception
{
    /// <summary>Creates the exception from a text of <c>Messages</c>.</summary>
    public OnnxModelException(string message)
        : base(OneLine.Of(message))
    {
    }

    /// <summary>Creates the exception from a text of <c>Messages</c> and the failure beneath it.</summary>
    public OnnxModelException(string message, Exception innerException)
        : base(OneLine.Of(message), innerException)
    {
    }
}

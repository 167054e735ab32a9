namespace FlatLearning.Onnx;

/// <summary>
/// Options or inputs that contradict each other or the model: the user's to mend. The message is one sentence.
/// </summary>
public sealed class UsageException : Exception
{
    /// <summary>Creates the exception with its sentence.</summary>
    public UsageException(string message)
        : base(message)
    {
    }
}

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// A node or its inputs break the operator's specification. The message is one sentence without the node's name.
/// </summary>
public sealed class OperatorException : Exception
{
    /// <summary>Creates the exception with its sentence.</summary>
    public OperatorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its sentence and cause.</summary>
    public OperatorException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

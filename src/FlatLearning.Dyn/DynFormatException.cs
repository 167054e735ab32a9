namespace FlatLearning.Dyn;

/// <summary>
/// A weight or node that breaks <c>schemas/DynMatMul.md</c>. The message is one sentence: what, expected, found.
/// </summary>
public sealed class DynFormatException : Exception
{
    /// <summary>Creates the exception with its sentence.</summary>
    public DynFormatException(string message)
        : base(message)
    {
    }
}

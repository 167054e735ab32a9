namespace FlatLearning.Onnx.Files;

/// <summary>Turns an operating system's complaint into a clause that fits into one of our sentences.</summary>
internal static class FileReason
{
    /// <summary>
    /// Whether a write ended on the system's account. Beyond the limit on file sizes .NET blames the argument.
    /// </summary>
    public static bool IsWriteFailure(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };

    /// <summary>
    /// The first line of the exception's text, without its full stop and without the file, which the sentence names and
    /// which may be a temporary one.
    /// </summary>
    public static string Of(Exception exception)
    {
        if (exception is UnauthorizedAccessException)
        {
            return "permission denied";
        }

        if (exception is ArgumentOutOfRangeException)
        {
            return "it exceeds a limit on the size of files";
        }

        ReadOnlySpan<char> text = exception.Message;
        int end = text.IndexOfAny('\r', '\n');
        text = (end < 0 ? text : text[..end]).TrimEnd('.');
        int file = text.IndexOf(" : '");
        return (file < 0 ? text : text[..file]).ToString();
    }
}

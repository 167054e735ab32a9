namespace FlatLearning.Onnx.Files;

/// <summary>Turns an operating system's complaint into a clause that fits into one of our sentences.</summary>
internal static class FileReason
{
    /// <summary>The first line of the exception's text, without its full stop.</summary>
    public static string Of(Exception exception)
    {
        ReadOnlySpan<char> text = exception.Message;
        int end = text.IndexOfAny('\r', '\n');
        return (end < 0 ? text : text[..end]).TrimEnd('.').ToString();
    }
}

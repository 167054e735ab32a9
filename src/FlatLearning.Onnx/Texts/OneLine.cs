namespace FlatLearning.Onnx;

/// <summary>
/// Makes a text with names out of a file fit to be shown: names may hold line breaks, terminal escapes or megabytes, by
/// accident or on purpose.
/// </summary>
internal static class OneLine
{
    private const int MaximalLength = 1000;

    /// <summary>Control characters become '?', and of a very long text its beginning and end remain.</summary>
    public static string Of(string text)
    {
        if (text.Length > MaximalLength)
        {
            text = $"{text[..(MaximalLength / 2)]}...{text[^(MaximalLength / 2)..]}";
        }

        return string.Create(text.Length, text, (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? '?' : source[i];
            }
        });
    }
}

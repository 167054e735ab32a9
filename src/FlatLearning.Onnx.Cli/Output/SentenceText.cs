namespace FlatLearning.Onnx.Cli.Output;

/// <summary>Keeps an error on one line.</summary>
internal static class SentenceText
{
    /// <summary>
    /// Replaces line breaks and runs of blanks by single blanks, and what could steer a terminal by '?'.
    /// </summary>
    public static string OneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return string.Concat(line.Select(character => char.IsControl(character) ? '?' : character));
    }
}

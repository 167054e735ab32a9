namespace FlatLearning.Onnx.Cli.Output;

/// <summary>Keeps an error on one line.</summary>
internal static class SentenceText
{
    /// <summary>Replaces line breaks and runs of blanks by single blanks.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

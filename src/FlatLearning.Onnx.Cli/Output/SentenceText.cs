namespace FlatLearning.Onnx.Cli.Output;

/// <summary>
/// Keeps what a user reads on its line: names out of files may hold line breaks, terminal escapes or megabytes.
/// </summary>
internal static class SentenceText
{
    private const int MaxLine = 4000;
    private const int MaxName = 120;

    /// <summary>
    /// Replaces line breaks and runs of blanks by single blanks, and what could steer a terminal by '?'.
    /// </summary>
    public static string OneLine(string text) => Onnx.OneLine.Within(
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), MaxLine);

    /// <summary>Writes one line, in which what could break it or steer a terminal is replaced by '?'.</summary>
    public static void Say(this TextWriter writer, string line) =>
        writer.WriteLine(Onnx.OneLine.Within(line, int.MaxValue));

    /// <summary>A name of moderate length, for a line of several.</summary>
    public static string Name(string name) => Onnx.OneLine.Within(name, MaxName);
}

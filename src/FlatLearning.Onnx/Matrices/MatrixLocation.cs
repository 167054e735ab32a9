namespace FlatLearning.Onnx.Matrices;

/// <summary>A file and, for a model or archive, a name inside it: <c>FILE</c> or <c>FILE::NAME</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">The name, or null where none was given.</param>
internal sealed record MatrixLocation(string Path, string? Name)
{
    private const string Separator = "::";

    /// <summary>
    /// Takes an argument apart at its first "::", unless there is a file of the whole name. Names of initializers may
    /// hold more of them.
    /// </summary>
    public static MatrixLocation Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        int at = text.IndexOf(Separator, StringComparison.Ordinal);
        return at <= 0 || File.Exists(text) ? new(text, null) : new(text[..at], text[(at + Separator.Length)..]);
    }

    /// <summary>The text that it was given as.</summary>
    public override string ToString() => Name is null ? Path : Path + Separator + Name;
}

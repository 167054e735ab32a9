using System.Globalization;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>Shapes given for inputs on the command line, such as <c>input_ids=1,128</c>.</summary>
internal static class ShapeOption
{
    /// <summary>Parses shapes; one given twice counts as its last.</summary>
    /// <returns>Dimensions by input name.</returns>
    /// <exception cref="UsageException">A text is not NAME=SIZE,SIZE,...</exception>
    public static IReadOnlyDictionary<string, long[]> Parse(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Dictionary<string, long[]> shapes = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            // Names may hold an equals sign, sizes cannot.
            int at = text.LastIndexOf('=');
            if (at <= 0)
            {
                throw new UsageException(Messages.ShapeSyntax(text));
            }

            string[] parts = at == text.Length - 1 ? [] : text[(at + 1)..].Split(',', 'x');
            shapes[text[..at]] = [
                .. parts.Select(
                    part =>
                        long.TryParse(
                            part,
                            NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                            CultureInfo.InvariantCulture,
                            out long size)
                ? size
                : throw new UsageException(Messages.ShapeSyntax(text)))];
        }

        return shapes;
    }
}

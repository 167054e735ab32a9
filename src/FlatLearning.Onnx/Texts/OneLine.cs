using FlatLearning.Onnx.Wire;

namespace FlatLearning.Onnx;

/// <summary>
/// Makes a text with names out of a file fit to be shown: names may hold line breaks, terminal escapes or megabytes, by
/// accident or on purpose.
/// </summary>
internal static class OneLine
{
    private const int MaxLength = 1000;

    /// <summary>
    /// What could break a line, steer a terminal or turn the direction of writing becomes '?', and of a very long text
    /// its beginning and end remain.
    /// </summary>
    public static string Of(string text) => Within(text, MaxLength);

    /// <summary>The same with another limit on the length.</summary>
    public static string Within(string text, int maxLength)
    {
        text = RawText.Shown(text);
        if (text.Length > maxLength)
        {
            text = $"{text[..(maxLength / 2)]}...{text[^(maxLength / 2)..]}";
        }

        return string.Create(text.Length, text, (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = IsHarmless(source[i]) ? source[i] : '?';
            }
        });
    }

    private static bool IsHarmless(char character) =>
        !char.IsControl(character)
        && character is not ('\u2028' or '\u2029' or '\u061c' or '\u200e' or '\u200f'
            or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}

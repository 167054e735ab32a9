using System.Globalization;
using System.Text.RegularExpressions;

namespace FlatLearning.Kernels.Cuda;

/// <summary>Makes text that depends on the kernel alone out of the compiler's, and shortens it.</summary>
internal static partial class PtxTidy
{
    /// <summary>The same kernel.</summary>
    /// <param name="text">As the compiler wrote it: names end in numbers that depend on what it compiled before.
    /// </param>
    public static string Tidy(string text)
    {
        text = Parameter().Replace(text, match => match.Groups["name"].Value);
        Dictionary<string, string> labels = [];
        text = Label().Replace(text, match =>
        {
            if (!labels.TryGetValue(match.Value, out string? label))
            {
                labels.Add(match.Value, label = $"L{labels.Count}");
            }

            return label;
        });

        // Of a shuffle among some lanes: what the third operand is, computed from a constant each time.
        text = ShuffleMask().Replace(
            text,
            match => ((32 - int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture)) << 8 | 31) is var mask
                ? $"{match.Groups["shuffle"].Value}{mask.ToString(CultureInfo.InvariantCulture)},"
                : string.Empty);
        text = EmptyLine().Replace(text.ReplaceLineEndings("\n"), "\n");
        return text.Replace("\n\t", "\n", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<name>\b_[A-Za-z0-9]+)_\d+\b")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\bL_\d+\b")]
    private static partial Regex Label();

    [GeneratedRegex(
        @"sub\.u32\s+(?<a>%r\d+), 32, (?<width>\d+);\s+shl\.b32\s+(?<b>%r\d+), \k<a>, 8;\s+"
            + @"or\.b32\s+\k<a>, \k<b>, 31;\s+(?<shuffle>shfl\.sync\.idx\.b32\s+%f\d+, %f\d+, %r\d+, )\k<a>,")]
    private static partial Regex ShuffleMask();

    [GeneratedRegex(@"\n(\s*\n)+")]
    private static partial Regex EmptyLine();
}

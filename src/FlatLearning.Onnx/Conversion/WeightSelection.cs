using FlatLearning.Onnx.Wire;

namespace FlatLearning.Onnx.Conversion;

/// <summary>Which constants a user wants converted, by name and size.</summary>
internal static class WeightSelection
{
    /// <summary>Why a constant is not wanted; null where it is.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="name">The constant's name.</param>
    /// <param name="readers">Names of the nodes that read it; empty ones do not count.</param>
    /// <param name="count">Its elements.</param>
    public static string? ReasonAgainst(ConvertOptions options, string name, IEnumerable<string> readers, long count)
    {
        IEnumerable<string> names = readers.Append(name).Where(text => text.Length > 0).Select(RawText.Shown);
        if (options.Exclude is { } exclude && names.Any(exclude.IsMatch))
        {
            return "excluded by --exclude";
        }

        if (options.Include is { } include && !names.Any(include.IsMatch))
        {
            return "not matched by --include";
        }

        return count < options.MinSize ? $"{count} elements are fewer than --min-size {options.MinSize}" : null;
    }
}

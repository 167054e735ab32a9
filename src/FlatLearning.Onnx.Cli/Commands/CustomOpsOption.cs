using System.CommandLine;
using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>
/// <c>--custom-ops FILE</c>, repeated: libraries of custom operators of others that a model needs; one that has the
/// name of ours takes the place of this installation's.
/// </summary>
internal static class CustomOpsOption
{
    /// <summary>What stands for no library of ours.</summary>
    public const string None = "none";

    private const string OwnName = "flat_custom_ops";

    /// <summary>The option; a new one for every verb.</summary>
    /// <param name="description">What it says in the help.</param>
    public static Option<string[]> Create(string description) =>
        new("--custom-ops") { Description = description, HelpName = "file" };

    /// <summary>
    /// Has those of others registered in every session of this command; returns ours, and <see cref="None"/>.
    /// </summary>
    /// <exception cref="UsageException">A file of others does not exist.</exception>
    public static string[] Take(string[]? given)
    {
        string[] files = given ?? [], others = [.. files.Where(file => !IsOwn(file))];
        if (others.Length > 0)
        {
            OtherLibraries.Files = others;
        }

        return [.. files.Where(IsOwn)];
    }

    private static bool IsOwn(string file) =>
        file == None || Path.GetFileName(file).Contains(OwnName, StringComparison.Ordinal);
}

using System.CommandLine;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>Options that several verbs share. A new instance per verb, since a symbol belongs to one command.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "One JSON object on stdout instead of text." };

    /// <summary><c>--quiet</c>.</summary>
    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "No progress and no summary; errors only." };

    /// <summary><c>--verbose</c>.</summary>
    public static Option<bool> Verbose() => new("--verbose", "-v") { Description = "Every weight in the summary, and a stack trace with an error." };

    /// <summary><c>--overwrite</c>.</summary>
    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace an existing output." };

    /// <summary><c>-o</c>.</summary>
    public static Option<string?> Output(string description) => new("--output", "-o") { Description = description, HelpName = "file" };

    /// <summary><c>--threads</c>.</summary>
    public static Option<int> Threads() => new("--threads")
    {
        Description = "Processor threads to use; the result does not depend on it.",
        HelpName = "n",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    /// <summary><c>--seed</c>.</summary>
    public static Option<int> Seed() => new("--seed")
    {
        Description = "Start of every random number.",
        HelpName = "n",
        DefaultValueFactory = _ => 0,
    };

    /// <summary>The model file of a verb.</summary>
    public static Argument<string> Model(string name, string description) => new(name) { Description = description };

    /// <summary>Rejects numbers below 1.</summary>
    public static Option<T> Positive<T>(this Option<T> option)
        where T : struct, IComparable<T>
    {
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0)
            {
                return;
            }

            if (result.GetValueOrDefault<T>().CompareTo((T)Convert.ChangeType(1, typeof(T), System.Globalization.CultureInfo.InvariantCulture)) < 0)
            {
                result.AddError($"{option.Name} is {result.Tokens[0].Value}, expected 1 or more.");
            }
        });
        return option;
    }
}

using System.CommandLine;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>Options that several verbs share. A new instance per verb, since a symbol belongs to one command.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "One JSON object on stdout instead of text." };

    /// <summary><c>--quiet</c>.</summary>
    public static Option<bool> Quiet() =>
        new("--quiet", "-q") { Description = "No progress and no summary; errors only." };

    /// <summary><c>--verbose</c>.</summary>
    public static Option<bool> Verbose(string description) => new("--verbose", "-v") { Description = description };

    /// <summary><c>--overwrite</c>.</summary>
    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace an existing output." };

    /// <summary><c>-o</c>.</summary>
    public static Option<string?> Output(string description) => FilePath("--output", description, "-o");

    /// <summary>An option that names a file.</summary>
    public static Option<string?> FilePath(string name, string description, params string[] aliases)
    {
        Option<string?> option = new(name, aliases) { Description = description, HelpName = "file" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
            {
                result.AddError(CliTexts.EmptyPath(option.Name));
            }
        });
        return option;
    }

    /// <summary><c>--inputs</c>.</summary>
    public static Option<string?> Inputs(string description) =>
        new("--inputs") { Description = description, HelpName = "path" };

    /// <summary><c>--threads</c>.</summary>
    public static Option<int> Threads() => new Option<int>("--threads")
    {
        Description = "Processor threads to use; the result does not depend on it.",
        HelpName = "n",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.From(1);

    /// <summary><c>--activations</c>.</summary>
    public static Option<string> Activations(string description) => new Option<string>("--activations")
    {
        Description = description,
        HelpName = "exact|fixed|int8",
        DefaultValueFactory = _ => UsualActivations,
    }.AcceptOnly("exact", UsualActivations, "int8");

    /// <summary>The word of <see cref="Activations"/> for what the library does where nothing is said.</summary>
    public const string UsualActivations = "fixed";

    /// <summary><c>--seed</c>.</summary>
    public static Option<int> Seed() => new Option<int>("--seed")
    {
        Description = "Start of every random number.",
        HelpName = "n",
        DefaultValueFactory = _ => 0,
    }.From(0);

    /// <summary>The model file of a verb.</summary>
    public static Argument<string> Model(string name, string description) =>
        WithPathsChecked(new Argument<string>(name) { Description = description });

    /// <summary>The model files of a verb that takes any number from one on.</summary>
    public static Argument<string[]> Models(string name, string description) =>
        WithPathsChecked(new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore });

    private static Argument<T> WithPathsChecked<T>(Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (string value in result.Tokens.Select(token => token.Value))
            {
                // The parser takes what it does not know for an argument.
                if (UsageErrors.IsOption(value))
                {
                    result.AddError(CliTexts.UnknownOption(value));
                }

                if (value.Length == 0)
                {
                    result.AddError(CliTexts.EmptyPath($"<{argument.Name}>"));
                }
            }
        });
        return argument;
    }
}

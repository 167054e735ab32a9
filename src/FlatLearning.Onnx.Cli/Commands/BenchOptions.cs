using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>Options of <c>bench</c> that are more than a word or a number.</summary>
internal static class BenchOptions
{
    private const double MaxSeconds = 3600;

    /// <summary><c>--batch 1,8</c>.</summary>
    public static Option<int[]?> Batch() => new("--batch")
    {
        Description = "Batch sizes, separated by commas, in place of an open batch dimension.",
        HelpName = "n,...",
        CustomParser = result =>
        {
            string[] parts = result.Tokens[^1].Value.Split(',');
            int[] sizes = [
                .. parts.Select(
                    part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                        ? size
                        : 0)];
            if (sizes.Any(size => size < 1))
            {
                result.AddError(CliTexts.NotBatches(result.Tokens[^1].Value));
            }

            return sizes;
        },
    };

    /// <summary><c>--seconds</c>.</summary>
    public static Option<double> Seconds(double otherwise) => new("--seconds")
    {
        Description = "Seconds to measure each model at each batch.",
        HelpName = "s",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            // Written so that NaN is refused.
            if (!(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                && seconds > 0
                && seconds <= MaxSeconds))
            {
                result.AddError(CliTexts.NotSeconds(text));
            }

            return seconds;
        },
    };

    /// <summary><c>--provider cpu</c>.</summary>
    public static Option<string> Provider()
    {
        Option<string> option = new("--provider")
        {
            Description = "Execution provider: cpu.",
            HelpName = "cpu",
            DefaultValueFactory = _ => "cpu",
        };
        option.CompletionSources.Add("cpu");
        option.Validators.Add(result => Check(result));
        return option;
    }

    private static void Check(OptionResult result)
    {
        if (result.Tokens.FirstOrDefault(token => token.Value != "cpu") is { } other)
        {
            result.AddError(CliTexts.Provider(other.Value));
        }
    }
}

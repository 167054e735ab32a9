using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>Options that take a number, with a sentence of our own where it is none or too small.</summary>
internal static class WholeNumber
{
    /// <summary>Accepts numbers from <paramref name="minimum"/> on.</summary>
    public static Option<int> From(this Option<int> option, int minimum)
    {
        option.CustomParser = result => (int)Parse(result, option, minimum, int.MaxValue);
        return option;
    }

    /// <inheritdoc cref="From(Option{int}, int)"/>
    public static Option<int?> From(this Option<int?> option, int minimum)
    {
        option.CustomParser = result => (int)Parse(result, option, minimum, int.MaxValue);
        return option;
    }

    /// <inheritdoc cref="From(Option{int}, int)"/>
    public static Option<long> From(this Option<long> option, long minimum)
    {
        option.CustomParser = result => Parse(result, option, minimum, long.MaxValue);
        return option;
    }

    /// <summary>Accepts numbers above 0, with or without a fraction.</summary>
    public static Option<double> Positive(this Option<double> option)
    {
        option.CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && value > 0
                && double.IsFinite(value))
            {
                return value;
            }

            result.AddError(CliTexts.NotPositive(option.Name, text));
            return 1;
        };
        return option;
    }

    private static long Parse(ArgumentResult result, Option option, long minimum, long maximum)
    {
        string text = result.Tokens[^1].Value;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            && value >= minimum
            && value <= maximum)
        {
            return value;
        }

        result.AddError(CliTexts.NotANumber(option.Name, text, minimum));
        return minimum;
    }
}

using System.Globalization;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>Reads the rates of <c>fit --bits</c>.</summary>
internal static class RateList
{
    private const double Max = 32;

    /// <summary>Numbers separated by commas, in ascending order, each once.</summary>
    /// <exception cref="UsageException">One is no number, or not above 0 and at most 32.</exception>
    public static IReadOnlyList<double> Parse(string text)
    {
        List<double> rates = [];
        foreach (string part in text.Split(','))
        {
            bool isNumber = double.TryParse(
                part,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out double rate);
            if (!isNumber || !(rate is > 0 and <= Max))
            {
                throw new UsageException(CliTexts.Rates(part.Trim(), Max));
            }

            rates.Add(rate);
        }

        return [.. rates.Distinct().Order()];
    }
}

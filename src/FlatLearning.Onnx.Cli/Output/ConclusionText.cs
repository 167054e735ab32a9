using System.Globalization;
using FlatLearning.Fitting.Surveys;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>What <c>fit</c> says about one rate, in one sentence.</summary>
internal static class ConclusionText
{
    /// <summary>The winner, and how it stands to plain rounding at equal bits.</summary>
    public static string Of(RateConclusion conclusion)
    {
        SurveyRow best = conclusion.Best;
        string start =
            $"{Bits(conclusion.Rate)}: {best.Representation} has the least error, {ErrorText.Of(best.Error)} at "
                + $"{Number(best.BitsPerWeight)}";
        if (best.Error == 0)
        {
            return start + ".";
        }

        if (ReferenceEquals(best, conclusion.BestRounding)
            || best.Representation == conclusion.BestRounding?.Representation)
        {
            return start + (conclusion.BestOwn is { } own
                ? $": plain rounding wins; ours, {own.Representation}, has {Times(own.Error / best.Error)} at "
                    + $"{Number(own.BitsPerWeight)}."
                : ": plain rounding wins, and nothing of ours was fitted at this rate.");
        }

        string end = conclusion.RoundingErrorAtSameBits is { } same
            ? $"; plain rounding has {Times(same / best.Error)} at the same bits"
              + (conclusion.RoundingBitsForSameError is { } bits
                  ? $" and needs {Number(bits)} for as little"
                  : string.Empty)
            : conclusion.BestRounding is { } rounding
                ? $"; plain rounding has {Times(rounding.Error / best.Error)}, at {Number(rounding.BitsPerWeight)}"
                : "; plain rounding has nothing at so few bits";
        return start + end + Own(conclusion) + ".";
    }

    private static string Own(RateConclusion conclusion) =>
        conclusion.Best.Own || conclusion.BestOwn is not { } own
            ? string.Empty
            : $"; ours, {own.Representation}, has {Times(own.Error / conclusion.Best.Error)} at "
                + $"{Number(own.BitsPerWeight)}";

    private static string Bits(double rate) =>
        string.Create(CultureInfo.InvariantCulture, $"{rate:0.##} {(rate == 1 ? "bit" : "bits")}");

    private static string Number(double? bits) => string.Create(CultureInfo.InvariantCulture, $"{bits:0.00} bits");

    private static string Times(double? ratio) => ratio switch
    {
        null => "more",
        >= 0.995 and < 1.005 => "the same",
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} times that"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ratio:0} times that"),
    };
}

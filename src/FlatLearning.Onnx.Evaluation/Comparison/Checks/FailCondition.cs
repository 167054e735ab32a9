using System.Globalization;
using System.Text.RegularExpressions;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// One condition under which a comparison counts as failed, such as <c>snr&lt;30</c>. It fails where it holds for any
/// output, and also where it cannot be checked: a measure that no output has, or that is not a number.
/// </summary>
internal sealed partial class FailCondition
{
    private static readonly Dictionary<string, FailMeasure> Measures = new(StringComparer.OrdinalIgnoreCase)
    {
        ["snr"] = FailMeasure.Snr,
        ["snr_db"] = FailMeasure.Snr,
        ["relative_l2"] = FailMeasure.RelativeL2,
        ["max_abs"] = FailMeasure.MaxAbs,
        ["mean_abs"] = FailMeasure.MeanAbs,
        ["cosine"] = FailMeasure.Cosine,
        ["top1_agreement"] = FailMeasure.Top1Agreement,
        ["kl"] = FailMeasure.Kl,
        ["accuracy_drop"] = FailMeasure.AccuracyDrop,
    };

    private readonly FailMeasure _measure;
    private readonly string _comparison;
    private readonly double _bound;

    private FailCondition(string text, FailMeasure measure, string comparison, double bound) =>
        (Text, _measure, _comparison, _bound) = (text, measure, comparison, bound);

    /// <summary>The condition as it was written.</summary>
    public string Text { get; }

    /// <summary>Parses conditions joined by <c>||</c> or commas. Numbers may end in % for a hundredth.</summary>
    /// <exception cref="UsageException">A part is not MEASURE OPERATOR NUMBER.</exception>
    public static IReadOnlyList<FailCondition> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split(["||", ","], StringSplitOptions.TrimEntries).Select(ParseOne)];
    }

    /// <summary>Checks a report.</summary>
    /// <returns>A sentence for each way in which the condition fails it; none where it passes.</returns>
    public IReadOnlyList<string> Check(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (_measure == FailMeasure.AccuracyDrop)
        {
            return CheckAccuracy(report.Task);
        }

        List<string> failures = [];
        bool any = false;
        foreach (OutputStatistics output in report.Statistics.Where(Applies))
        {
            any = true;
            double value = Value(output);
            if (double.IsNaN(value))
            {
                failures.Add(
                    Messages.ConditionUnavailable(
                        Text,
                        output.Introduced + output.Vanished > 0
                            ? $"output '{output.Name}' has values that are NaN or infinite in one model only"
                            : $"output '{output.Name}' has no numbers that could be compared"));
            }
            else if (Holds(value))
            {
                failures.Add(Messages.ConditionHolds(Text, $"output '{output.Name}'", Display(value)));
            }
        }

        return any ? failures : [Messages.ConditionUnavailable(Text, $"no output has a {Name}")];
    }

    private static FailCondition ParseOne(string text)
    {
        Match match = Condition().Match(text);
        if (!match.Success || !Measures.TryGetValue(match.Groups[1].Value, out FailMeasure measure)
            || !double.TryParse(
                match.Groups[3].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out double bound)
            || !double.IsFinite(bound))
        {
            throw new UsageException(
                Messages.ConditionSyntax(text, string.Join(", ", Measures.Keys.Where(name => name != "snr_db"))));
        }

        return new FailCondition(text, measure, match.Groups[2].Value, match.Groups[4].Success ? bound / 100 : bound);
    }

    [GeneratedRegex(@"^([A-Za-z0-9_]+)\s*(<=|>=|<|>)\s*([-+0-9.eE]+)\s*(%)?$")]
    private static partial Regex Condition();

    private string Name => Measures.First(pair => pair.Value == _measure).Key;

    private IReadOnlyList<string> CheckAccuracy(TaskReport? task)
    {
        if (task is not { Metric: "accuracy" or "token_accuracy", Original: { } original, Converted: { } converted })
        {
            return [
                Messages.ConditionUnavailable(
                    Text, task is null ? "the inputs have no labels" : "the labels are targets and not class numbers")];
        }

        double drop = original - converted;
        return Holds(drop) ? [Messages.ConditionHolds(Text, $"output '{task.Output}'", Display(drop))] : [];
    }

    // An output without class axis, or of integers, lacks a measure by its nature and is left to the outputs that have
    // it.
    private bool Applies(OutputStatistics output) => _measure switch
    {
        FailMeasure.Snr or FailMeasure.Cosine => output.IsFloat,
        FailMeasure.Top1Agreement or FailMeasure.Kl => output.Classes is not null,
        _ => true,
    };

    private double Value(OutputStatistics output) => _measure switch
    {
        FailMeasure.Snr => output.SnrDb,
        FailMeasure.RelativeL2 => output.RelativeL2,
        FailMeasure.MaxAbs => output.MaxAbs,
        FailMeasure.MeanAbs => output.MeanAbs,
        FailMeasure.Cosine => output.Cosine,
        FailMeasure.Top1Agreement => output.Classes!.Top1Agreement,
        _ => output.Classes!.Kl,
    };

    private bool Holds(double value) => _comparison switch
    {
        "<" => value < _bound,
        "<=" => value <= _bound,
        ">" => value > _bound,
        _ => value >= _bound,
    };

    private string Display(double value) => FormattableString.Invariant($"{Name} {value:G6}");
}

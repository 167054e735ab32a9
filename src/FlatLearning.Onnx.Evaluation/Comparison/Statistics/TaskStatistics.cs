using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Judges both models by labels. Class numbers judge the first floating-point output that has a row of scores for each
/// label (the class axis being the last, see <see cref="ClassAxis"/>); real-valued targets judge the first one with as
/// many elements.
/// </summary>
/// <param name="source">Where the labels come from, for error texts.</param>
internal sealed class TaskStatistics(string source)
{
    private readonly LabelScore _original = new();
    private readonly LabelScore _converted = new();
    private string? _output;
    private string _metric = string.Empty;

    /// <summary>The result, or null where there were no labels.</summary>
    public TaskReport? Report => _output is null ? null : _metric == "snr_db"
        ? new TaskReport(_metric, _output, _original.SnrDb, _converted.SnrDb, _original.Count, null, null)
        : new TaskReport(
            _metric, _output, _original.Accuracy, _converted.Accuracy, _original.Count, _original.Nll, _converted.Nll);

    /// <summary>Adds one run.</summary>
    /// <param name="labels">The right answers.</param>
    /// <param name="order">The outputs' names in the model's order.</param>
    /// <param name="original">The original's outputs.</param>
    /// <param name="converted">The converted model's.</param>
    /// <exception cref="UsageException">The labels fit no output.</exception>
    public void Add(
        OrtTensor labels, IReadOnlyList<string> order, IReadOnlyDictionary<string, OrtTensor> original,
        IReadOnlyDictionary<string, OrtTensor> converted)
    {
        bool targets = TensorNumbers.IsFloat(labels.ElementType);
        _output ??= order.FirstOrDefault(name => Fits(labels, targets, original[name]))
            ?? throw new UsageException(
                Messages.LabelsShape(source, Shape(labels), order[0], Shape(original[order[0]])));
        OrtTensor judged = original[_output];
        if (!Fits(labels, targets, judged))
        {
            throw new UsageException(Messages.LabelsShape(source, Shape(labels), _output, Shape(judged)));
        }

        _metric = targets ? "snr_db" : ClassAxis.RankOf(judged.Shape) > 2 ? "token_accuracy" : "accuracy";
        double[] answers = TensorNumbers.ToDoubles(labels, ArraySamples.Labels);
        int classes = ClassAxis.CountOf(judged.Shape);
        int wrong = targets ? -1 : Array.FindIndex(answers, label => label >= classes);
        if (wrong >= 0)
        {
            throw new UsageException(Messages.LabelRange(source, answers[wrong], classes));
        }

        foreach ((LabelScore score, OrtTensor output) in new[] { (_original, judged),
            (_converted, converted[_output]) })
        {
            double[] values = TensorNumbers.ToDoubles(output, _output);
            if (targets)
            {
                score.AddTargets(answers, values);
            }
            else
            {
                score.AddLabels(answers, values, classes);
            }
        }
    }

    private static bool Fits(OrtTensor labels, bool targets, OrtTensor output)
    {
        if (!TensorNumbers.IsFloat(output.ElementType) || output.ElementCount == 0)
        {
            return false;
        }

        int classes = ClassAxis.CountOf(output.Shape);
        return targets ? labels.ElementCount == output.ElementCount
            : output.Shape.Length > 1 && classes >= 2 && labels.ElementCount == output.ElementCount / classes;
    }

    private static string Shape(OrtTensor tensor) => $"[{string.Join(',', tensor.Shape.ToArray())}]";
}

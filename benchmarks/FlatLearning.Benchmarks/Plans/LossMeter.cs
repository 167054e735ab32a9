using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Divergences;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// Measures what converted models lose on one set of inputs: negative log-likelihood and accuracy where there are
/// labels, and the divergence of the outputs, each part by part.
/// </summary>
internal sealed class LossMeter
{
    private readonly EvaluationInputs _inputs;
    private readonly OutputJudge _judge;
    private readonly string? _labelled;
    private readonly List<LabelPart> _original = [];

    /// <summary>Runs the original.</summary>
    /// <param name="path">The original.</param>
    /// <param name="inputs">Inputs that no fit has seen.</param>
    public LossMeter(string path, EvaluationInputs inputs)
    {
        _inputs = inputs;
        using ModelRunner runner = ModelRunner.Open(path);
        _judge = OutputJudge.Open(runner, inputs.Samples, inputs.Description, null, CancellationToken.None)
            ?? throw new ArgumentException($"'{path}' has no floating-point output or no inputs");
        if (inputs.Samples.Any(sample => sample.Labels is not null))
        {
            _labelled = TaskOutput(runner);
            for (int i = 0; i < inputs.Samples.Count; i++)
            {
                _original.AddRange(Labelled(i, _judge.Answer(i)));
            }
        }
    }

    /// <summary>Mean negative log-likelihood of the original; NaN without labels.</summary>
    public double OriginalNll => _original.Sum(part => part.Nll) / _original.Sum(part => part.Count);

    /// <summary>The share of labels that the original gives.</summary>
    public double OriginalAccuracy => _original.Sum(part => part.Right) / _original.Sum(part => part.Count);

    /// <summary>kl or relative_error.</summary>
    public string Measure => _judge.Measure;

    /// <summary>Measures a converted model, or a plain one.</summary>
    public LossResult Of(OnnxModel model, bool isConverted)
    {
        byte[] plain = OnnxModelFile.ToBytes(isConverted ? ModelRestorer.Restore(model) : model);
        using ModelRunner runner = ModelRunner.Open(plain, "the converted model");
        List<LabelPart> labels = [];
        Divergence divergence = _judge.Of(
            (sample, outputs) => runner.Run(sample.Inputs, outputs),
            CancellationToken.None,
            (i, outputs) => labels.AddRange(_labelled is null ? [] : Labelled(i, outputs)));
        double count = Math.Max(1, _original.Sum(part => part.Count));
        return new LossResult(
            divergence,
            [.. labels.Zip(_original, (converted, original) => (converted.Nll - original.Nll) / count)],
            [.. labels.Zip(_original, (converted, original) => (original.Right - converted.Right) / count)]);
    }

    private string TaskOutput(ModelRunner runner)
    {
        TaskStatistics task = new("the labels");
        task.Add(
            _inputs.Samples[0].Labels!, [.. runner.Outputs.Select(output => output.Name)], _judge.Answer(0),
            _judge.Answer(0));
        return task.Report!.Output;
    }

    /// <summary>One part for every row of the labels.</summary>
    private IEnumerable<LabelPart> Labelled(int sample, IReadOnlyDictionary<string, OrtTensor> outputs)
    {
        OrtTensor scores = outputs[_labelled!];
        double[] labels = TensorNumbers.ToDoubles(_inputs.Samples[sample].Labels!, ArraySamples.Labels);
        double[] values = TensorNumbers.ToDoubles(scores, _labelled!);
        int rows = (int)_inputs.Samples[sample].Labels!.Shape[0];
        for (int row = 0; row < rows; row++)
        {
            LabelScore score = new();
            score.AddLabels(Row(labels, row, rows), Row(values, row, rows), ClassAxis.CountOf(scores.Shape));
            if (score.Count > 0)
            {
                yield return new LabelPart(
                    score.Count, score.Accuracy!.Value * score.Count,
                    (score.Nll ?? double.PositiveInfinity) * score.Count);
            }
        }
    }

    private static double[] Row(double[] values, int row, int rows) =>
        values[(values.Length / rows * row)..(values.Length / rows * (row + 1))];

    private sealed record LabelPart(double Count, double Right, double Nll);
}

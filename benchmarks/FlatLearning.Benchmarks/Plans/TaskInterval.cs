using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// What chance leaves open about a model's own metric: 95 % intervals by the percentile bootstrap, drawing whole
/// sequences (rows of the labels) with replacement. A model that is right everywhere, or nowhere, has the exact
/// binomial interval of as many sequences (Clopper and Pearson), since drawing again never shows an error there.
/// </summary>
/// <param name="Metric">Lower and upper end of the accuracy.</param>
/// <param name="Nll">Lower and upper end of the mean negative log-likelihood of a label, in nats.</param>
/// <param name="Sequences">Sequences drawn from.</param>
internal sealed record TaskInterval((double Low, double High) Metric, (double Low, double High) Nll, int Sequences)
{
    private const int Draws = 4000;
    private const double Tail = 0.025;

    /// <summary>Runs a model on labelled samples.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="inputs">Samples with labels.</param>
    /// <param name="output">The output that labels judge, with a score per class in its last axis.</param>
    public static TaskInterval Of(string model, InputSource inputs, string output)
    {
        using ModelRunner runner = ModelRunner.Open(model);
        List<(long Count, double Right, double Nll)> sequences = [];
        foreach (ComparisonSample sample in inputs.Prepare(runner).Samples)
        {
            OrtTensor scores = runner.Run(sample.Inputs, [output])[output];
            double[] labels = TensorNumbers.ToDoubles(sample.Labels!, ArraySamples.Labels);
            double[] values = TensorNumbers.ToDoubles(scores, output);
            int rows = (int)sample.Labels!.Shape[0];
            for (int row = 0; row < rows; row++)
            {
                LabelScore score = new();
                score.AddLabels(Row(labels, row, rows), Row(values, row, rows), ClassAxis.CountOf(scores.Shape));
                if (score.Count > 0)
                {
                    sequences.Add(
                        (score.Count, score.Accuracy!.Value
                            * score.Count, (score.Nll ?? double.PositiveInfinity) * score.Count));
                }
            }
        }

        return Of(sequences);
    }

    /// <summary>The intervals of sums over sequences, each divided by its labels.</summary>
    /// <param name="sequences">Labels, right ones, and total negative log-likelihood of every sequence.</param>
    public static TaskInterval Of(IReadOnlyList<(long Count, double Right, double Nll)> sequences)
    {
        Random random = new(1);
        double[] metric = new double[Draws];
        double[] nll = new double[Draws];
        for (int draw = 0; draw < Draws; draw++)
        {
            (double count, double right, double lost) = (0, 0, 0);
            for (int i = 0; i < sequences.Count; i++)
            {
                (long labels, double ofThem, double likelihood) = sequences[random.Next(sequences.Count)];
                (count, right, lost) = (count + labels, right + ofThem, lost + likelihood);
            }

            (metric[draw], nll[draw]) = (right / count, lost / count);
        }

        (double Low, double High) ends = Ends(metric);
        double oneSided = Math.Pow(Tail, 1.0 / sequences.Count);
        ends = ends.Low >= 1 ? (oneSided, 1) : ends.High <= 0 ? (0, 1 - oneSided) : ends;
        return new TaskInterval(ends, Ends(nll), sequences.Count);
    }

    private static double[] Row(double[] values, int row, int rows) =>
        values[(values.Length / rows * row)..(values.Length / rows * (row + 1))];

    private static (double Low, double High) Ends(double[] values)
    {
        Array.Sort(values);
        return (values[(int)(Tail * Draws)], values[(int)((1 - Tail) * Draws) - 1]);
    }
}

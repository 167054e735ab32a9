using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>
/// Sequences that a causal model writes itself: one of its inputs takes whole numbers [batch, time], one of its outputs
/// scores the same numbers [batch, time, numbers], and later numbers do not change earlier scores. Each next number is
/// drawn from the scores of the one before; the first, and every other input, is made up.
/// </summary>
internal sealed class SelfSampling
{
    private const int Batch = 16;

    /// <summary>Parts of sequences are multiples of this: few shapes are quicker to run than many.</summary>
    private const int PartStep = 8;

    private static readonly long[] Lengths = [64, 32, 16, 8];

    private readonly OnnxModel _model;
    private readonly ModelRunner _runner;
    private readonly string _input;
    private readonly string _output;
    private readonly IReadOnlyDictionary<string, long[]> _shapes;
    private bool _takesParts = true;

    private SelfSampling(
        OnnxModel model, ModelRunner runner, string input, string output, IReadOnlyDictionary<string, long[]> shapes) =>
        (_model, _runner, _input, _output, _shapes) = (model, runner, input, output, shapes);

    /// <summary>The input that the model writes.</summary>
    public string Input => _input;

    /// <summary>The output that scores the next number.</summary>
    public string Output => _output;

    /// <summary>The way to feed a model's output back; null where there is none.</summary>
    public static SelfSampling? Find(OnnxModel model, ModelRunner runner, int seed)
    {
        ValueDescription[] ids = [
            .. runner.Inputs.Where(
                input => input.Shape.Count == 2
                    && input.ElementType is TensorElementType.Int64 or TensorElementType.Int32)];
        foreach (long length in ids.Length > 0 ? Lengths : [])
        {
            Dictionary<string, long[]> shapes = ids.ToDictionary(
                input => input.Name,
                input =>
                    new long[] { input.Shape[0].IsFree
                        ? Batch
                        : input.Shape[0].Value, input.Shape[1].IsFree ? length : input.Shape[1].Value },
                StringComparer.Ordinal);
            try
            {
                foreach (ValueDescription input in ids.Reverse())
                {
                    if (CausalOutput(model, runner, input, shapes, seed) is { } output)
                    {
                        return new SelfSampling(model, runner, input.Name, output, shapes);
                    }
                }

                return null;
            }
            catch (Exception exception) when (exception is OnnxModelException or UsageException)
            {
                // Too long for its tables of positions, or not made for these shapes.
            }
        }

        return null;
    }

    /// <summary>Batches of sequences; the same seed gives the same ones.</summary>
    public IEnumerable<ComparisonSample> Generate(int batches, int seed, CancellationToken cancellation)
    {
        SampleGenerator random = new(seed, 7);
        foreach (ComparisonSample sample in Source(_model, _shapes, seed, batches).Prepare(_runner).Samples)
        {
            OrtTensor tensor = sample.Inputs[_input];
            (long rows, long length) = (tensor.Shape[0], tensor.Shape[1]);
            for (long t = 1; t < length; t++)
            {
                cancellation.ThrowIfCancellationRequested();
                OrtTensor scores = Scores(sample, tensor, t);
                long seen = scores.Shape[1];
                double[] values = TensorNumbers.ToDoubles(scores, _output);
                int classes = (int)scores.Shape[2];
                for (long row = 0; row < rows; row++)
                {
                    Set(
                        tensor,
                        (row * length) + t,
                        Draw(values.AsSpan((int)(((row * seen) + t - 1) * classes), classes), random));
                }
            }

            yield return sample;
        }
    }

    /// <summary>
    /// Scores of the first numbers at least; of a part of the sequence where the model takes shorter ones, since later
    /// numbers change nothing.
    /// </summary>
    private OrtTensor Scores(ComparisonSample sample, OrtTensor tensor, long count)
    {
        (long rows, long length) = (tensor.Shape[0], tensor.Shape[1]);
        long part = Math.Min(length, (count + PartStep - 1) / PartStep * PartStep);
        if (part < length && _takesParts)
        {
            OrtTensor first = OrtTensor.Allocate(tensor.ElementType, [rows, part]);
            for (long row = 0; row < rows; row++)
            {
                for (long t = 0; t < part; t++)
                {
                    Set(first, (row * part) + t, Get(tensor, (row * length) + t));
                }
            }

            try
            {
                OrtTensor scores = _runner.Run(
                    new Dictionary<string, OrtTensor>(sample.Inputs, StringComparer.Ordinal) { [_input] = first },
                    [_output])[_output];
                if (scores.Shape.Length == 3 && scores.Shape[0] == rows && scores.Shape[1] == part)
                {
                    return scores;
                }
            }
            catch (OnnxModelException)
            {
                // Another input has to be as long.
            }

            _takesParts = false;
        }

        return _runner.Run(sample.Inputs, [_output])[_output];
    }

    private static SyntheticInputSource Source(
        OnnxModel model, IReadOnlyDictionary<string, long[]> shapes, int seed, int count) =>
        new(model) { Seed = seed, Shapes = shapes, Batch = Batch, Limit = count };

    /// <summary>
    /// The output that scores an input's numbers such that changing the last number changes the last scores and no
    /// earlier ones.
    /// </summary>
    private static string? CausalOutput(
        OnnxModel model,
        ModelRunner runner,
        ValueDescription input,
        IReadOnlyDictionary<string, long[]> shapes,
        int seed)
    {
        if (new InputDomains(model).Of(input.Name).Limit is not { } numbers)
        {
            return null;
        }

        ComparisonSample sample = Source(model, shapes, seed, 1).Prepare(runner).Samples.First();
        OrtTensor tensor = sample.Inputs[input.Name];
        (long rows, long length) = (tensor.Shape[0], tensor.Shape[1]);
        IReadOnlyDictionary<string, OrtTensor> before = runner.Run(sample.Inputs);
        for (long row = 0; row < rows; row++)
        {
            long last = (row * length) + length - 1;
            Set(tensor, last, (Get(tensor, last) + 1) % numbers);
        }

        IReadOnlyDictionary<string, OrtTensor> after = runner.Run(sample.Inputs);
        foreach ((string name, OrtTensor scores) in before)
        {
            if (TensorNumbers.IsFloat(scores.ElementType) && scores.Shape.SequenceEqual([rows, length, numbers])
                && IsCausal(
                    TensorNumbers.ToDoubles(scores, name),
                    TensorNumbers.ToDoubles(after[name], name),
                    length,
                    (int)numbers))
            {
                return name;
            }
        }

        return null;
    }

    private static bool IsCausal(double[] before, double[] after, long length, int classes)
    {
        const double Rounding = 1e-3;
        (double early, double late, double size) = (0, 0, 0);
        for (int i = 0; i < before.Length; i++)
        {
            double difference = Math.Abs(before[i] - after[i]);
            size = Math.Max(size, Math.Abs(before[i]));
            if (i / classes % length == length - 1)
            {
                late = Math.Max(late, difference);
            }
            else
            {
                early = Math.Max(early, difference);
            }
        }

        return early <= Rounding * size && late > Rounding * size;
    }

    private static long Draw(ReadOnlySpan<double> scores, SampleGenerator random)
    {
        double largest = double.NegativeInfinity;
        foreach (double score in scores)
        {
            largest = Math.Max(largest, score);
        }

        double total = 0;
        foreach (double score in scores)
        {
            total += Math.Exp(score - largest);
        }

        double left = random.Uniform() * total;
        for (int i = 0; i < scores.Length; i++)
        {
            left -= Math.Exp(scores[i] - largest);
            if (left < 0)
            {
                return i;
            }
        }

        return scores.Length - 1;
    }

    private static long Get(OrtTensor tensor, long position) =>
        tensor.ElementType == TensorElementType.Int64
            ? tensor.AsSpan<long>()[(int)position]
            : tensor.AsSpan<int>()[(int)position];

    private static void Set(OrtTensor tensor, long position, long value)
    {
        if (tensor.ElementType == TensorElementType.Int64)
        {
            tensor.AsSpan<long>()[(int)position] = value;
        }
        else
        {
            tensor.AsSpan<int>()[(int)position] = (int)value;
        }
    }
}

using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>
/// Measures how far models are from the original at their floating-point outputs, on synthetic inputs that it keeps
/// with the original's answers.
/// </summary>
internal sealed class OutputMeter : IOutputMeter
{
    private const int MaxSamples = 16;

    private readonly ModelRunner _original;
    private readonly List<(ComparisonSample Sample, IReadOnlyDictionary<string, OrtTensor> Expected)> _runs = [];
    private readonly string[] _outputs;

    private OutputMeter(ModelRunner original, IEnumerable<ComparisonSample> samples)
    {
        _original = original;
        _outputs = [
            .. original.Outputs.Where(
                output => output.IsTensor && TensorNumbers.IsFloat(output.ElementType))
                    .Select(output => output.Name)];
        foreach (ComparisonSample sample in samples)
        {
            _runs.Add((sample, original.Run(sample.Inputs, _outputs)));
        }
    }

    /// <summary>Runs the original.</summary>
    /// <param name="original">The model, loaded from a file.</param>
    /// <param name="seed">Start of the random inputs.</param>
    /// <param name="samples">Inputs to run on, of which the first are taken; null for the synthetic ones that
    /// <c>--verify</c> uses.</param>
    /// <exception cref="UsageException">It has no floating-point output, or no input that it runs with is
    /// found.</exception>
    /// <exception cref="OnnxModelException">It cannot be run.</exception>
    public static OutputMeter Open(OnnxModel original, int seed, IReadOnlyList<ComparisonSample>? samples = null)
    {
        ModelRunner runner = ModelRunner.Open(original.Path!);
        try
        {
            OutputMeter meter = new(
                runner,
                samples?.Take(MaxSamples)
                    ?? new SyntheticInputSource(original) { Seed = seed }.Prepare(runner).Samples);
            return meter._outputs.Length > 0 ? meter : throw new UsageException(Messages.NoFloatOutput(runner.Name));
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public double WorstSnr(OnnxModel plain, CancellationToken cancellation)
    {
        using TemporaryModel file = TemporaryModel.Create(plain, cancellation);
        using ModelRunner runner = ModelRunner.Open(file.Path);
        OutputStatistics[] statistics = [.. _outputs.Select(output => new OutputStatistics(output))];
        foreach ((ComparisonSample sample, IReadOnlyDictionary<string, OrtTensor> expected) in _runs)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyDictionary<string, OrtTensor> found = runner.Run(sample.Inputs, _outputs);
            foreach (OutputStatistics output in statistics)
            {
                output.Add(expected[output.Name], found[output.Name]);
            }
        }

        double[] ratios = [.. statistics.Select(output => output.SnrDb)];
        return ratios.Any(double.IsNaN) ? double.NaN : ratios.Min();
    }

    /// <inheritdoc/>
    public void Dispose() => _original.Dispose();
}

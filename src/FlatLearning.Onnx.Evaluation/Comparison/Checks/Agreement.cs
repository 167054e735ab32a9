using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Measures the agreement of models that should differ by rounding only: with the library, without it, restored.
/// </summary>
internal static class Agreement
{
    /// <summary>Runs two models on the same samples.</summary>
    /// <param name="reference">The model whose norm distances are relative to.</param>
    /// <param name="other">The other.</param>
    /// <param name="samples">The samples, at least one.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="UsageException">There are no samples, or outputs differ in type or shape.</exception>
    /// <exception cref="Files.OnnxModelException">A run failed.</exception>
    public static AgreementReport Measure(
        ModelRunner reference, ModelRunner other, IEnumerable<ComparisonSample> samples,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(samples);
        ModelPairing.Check(reference, other);
        OutputStatistics[] outputs = [.. reference.Outputs.Select(output => new OutputStatistics(output.Name))];
        ReadableOutputs readable = new(reference.Outputs);
        long count = 0;
        foreach (ComparisonSample sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyDictionary<string, OrtTensor> a = reference.Run(sample.Inputs);
            IReadOnlyDictionary<string, OrtTensor> b = other.Run(sample.Inputs);
            readable.Add(outputs, a, b);
            count += sample.Count;
        }

        if (count == 0)
        {
            throw new UsageException(Messages.NoSamples("the comparison"));
        }

        (double Distance, string Name)[] floats = [
            .. outputs.Where(output => output.IsFloat).Select(output => (Distance(output), output.Name))];
        (double distance, string? name) = floats.Length == 0 ? (0, null) : floats.MaxBy(pair => pair.Distance);
        double unequal = outputs.Where(output => !output.IsFloat)
            .Select(output => output.UnequalShare)
            .DefaultIfEmpty(0)
            .Max();
        return new AgreementReport(distance, name, unequal, count);
    }

    private static double Distance(OutputStatistics output) =>
        double.IsNaN(output.RelativeL2) ? double.PositiveInfinity : output.RelativeL2;
}

using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>Runs two models on the same inputs and measures how far the second is from the first.</summary>
public static class ModelComparer
{
    /// <summary>Compares two models.</summary>
    /// <param name="request">What to compare, on what.</param>
    /// <param name="progress">Told the samples done so far, after each run.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="OnnxModelException">A model or an input file cannot be read, loaded or run.</exception>
    /// <exception cref="UsageException">The models or the inputs do not fit each other.</exception>
    public static ComparisonReport Compare(
        ComparisonRequest request, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        OnnxModel model = OnnxModelFile.Load(request.Original);
        OnnxModel other = OnnxModelFile.Load(request.Converted);
        RunnerOptions options = new()
        {
            CustomOpsLibrary = request.CustomOpsLibrary,
            Threads = request.Threads,
            Activations = RunnerOptions.Exact,
        };
        using ModelRunner original = ModelRunner.Open(request.Original, options);
        using ModelRunner converted = ModelRunner.Open(
            request.Converted, options with { Activations = request.Activations });
        using ModelRunner? exact = request.Activations is null or RunnerOptions.Exact
            ? null
            : ModelRunner.Open(request.Converted, options);
        ModelPairing.Check(original, converted);
        PreparedInputs inputs = (request.Inputs ?? new SyntheticInputSource(model)).Prepare(original);
        using LayerProbe? layers = request.PerLayer ? new LayerProbe(model, other, options) : null;
        string[] names = [.. original.Outputs.Select(output => output.Name)];
        Dictionary<string, OutputStatistics> expected = new(StringComparer.Ordinal);
        OutputStatistics[] statistics = [.. names.Select(name => new OutputStatistics(name))];
        OutputStatistics[] rounding = [.. names.Select(name => new OutputStatistics(name))];
        ReadableOutputs readable = new(original.Outputs);
        TaskStatistics task = new(inputs.Source);
        (long samples, long runs) = (0, 0);
        foreach (ComparisonSample sample in inputs.Samples)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyDictionary<string, OrtTensor> a = original.Run(sample.Inputs, names);
            IReadOnlyDictionary<string, OrtTensor> b = converted.Run(sample.Inputs, names);
            readable.Add(statistics, a, b);
            if (exact?.Run(sample.Inputs, names) is { } c)
            {
                readable.Add(rounding, c, b);
            }

            foreach ((string name, OrtTensor tensor) in sample.Expected.Where(pair => readable.Has(pair.Key)))
            {
                (expected.TryGetValue(name, out OutputStatistics? known)
                    ? known
                    : expected[name] = new OutputStatistics(name)).Add(tensor, b[name]);
            }

            if (sample.Labels is not null)
            {
                task.Add(sample.Labels, [.. names.Where(readable.Has)], a, b);
            }

            layers?.Add(sample);
            runs++;
            samples += sample.Count;
            progress?.Report(samples);
        }

        statistics = [.. readable.Of(statistics)];
        return runs == 0 ? throw new UsageException(Messages.NoSamples(inputs.Source)) : new ComparisonReport
        {
            Original = request.Original,
            Converted = request.Converted,
            Samples = samples,
            Runs = runs,
            Inputs = inputs.Source,
            Activations = request.CustomOpsLibrary is null ? null : request.Activations ?? RunnerOptions.Usual,
            Outputs = [.. statistics.Select(OutputReport.Of)],
            Layers = layers?.Reports ?? [],
            Expected = [.. names.Where(expected.ContainsKey).Select(name => OutputReport.Of(expected[name]))],
            Rounding = exact is null ? null : [.. readable.Of(rounding).Select(OutputReport.Of)],
            Task = task.Report,
            Notes = [.. inputs.Notes, .. readable.Notes],
            Failures = [.. statistics.SelectMany(IntegrityCheck.Failures)],
            Statistics = statistics,
        };
    }
}

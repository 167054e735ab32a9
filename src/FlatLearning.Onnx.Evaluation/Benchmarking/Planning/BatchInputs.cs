using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>The inputs of one batch: made up, or cut from files.</summary>
internal static class BatchInputs
{
    /// <summary>Inputs that all models take.</summary>
    /// <param name="request">Where they come from.</param>
    /// <param name="first">The first model, for what its graph does with made-up values.</param>
    /// <param name="joint">The inputs that the models have in common.</param>
    /// <param name="runners">The models.</param>
    /// <param name="batch">The size that was asked for, or null.</param>
    /// <exception cref="UsageException">The models fix another size, or the files hold fewer rows.</exception>
    public static (IReadOnlyDictionary<string, OrtTensor> Inputs, IReadOnlyList<string> Notes) Of(
        BenchmarkRequest request, OnnxModel first, IReadOnlyList<ValueDescription> joint,
        IReadOnlyList<ModelRunner> runners, int? batch)
    {
        PreparedInputs prepared = request.Inputs is { } path
            ? InputSources.Open(path, batch ?? 1, batch ?? 1).Prepare(runners[0])
            : Synthetic(request, first, joint, runners, batch);
        ComparisonSample sample = prepared.Samples.FirstOrDefault()
            ?? throw new UsageException(Messages.NoSamples(prepared.Source));
        int found = SizeOf(sample.Inputs);
        return batch is { } wanted && request.Inputs is not null && found != wanted
            ? throw new UsageException(Messages.BatchNotInFile(wanted, prepared.Source, found))
            : (sample.Inputs, prepared.Notes);
    }

    /// <summary>The batch that inputs have: the first dimension of the first one that has any.</summary>
    public static int SizeOf(IReadOnlyDictionary<string, OrtTensor> inputs) =>
        inputs.Values.FirstOrDefault(tensor => tensor.Shape.Length > 0) is { } tensor ? (int)tensor.Shape[0] : 1;

    private static PreparedInputs Synthetic(
        BenchmarkRequest request, OnnxModel first, IReadOnlyList<ValueDescription> joint,
        IReadOnlyList<ModelRunner> runners, int? batch)
    {
        SyntheticInputSource source =
            new(first) { Seed = request.Seed, Shapes = request.Shapes, Limit = 1, Batch = batch ?? 1 };
        PreparedInputs prepared = source.Prepare(joint, runners);
        if (batch is { } wanted && !source.HasBatch(joint))
        {
            int found = SizeOf(prepared.Samples.First().Inputs);
            if (found != wanted)
            {
                throw new UsageException(Messages.BatchFixed(wanted, string.Join(", ", joint), found));
            }
        }

        return prepared;
    }
}

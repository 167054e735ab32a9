using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// Inputs to judge converted models by, independent of those that H was fitted to: real ones from DATA/model where that
/// folder is there, else sequences that the model writes itself where it can, else made-up ones, both with a seed that
/// no conversion uses.
/// </summary>
/// <param name="Description">What they are, for tables.</param>
/// <param name="Samples">The samples.</param>
internal sealed record EvaluationInputs(string Description, IReadOnlyList<ComparisonSample> Samples)
{
    /// <summary>Conversions fit with seed 0 and judge with 1, both unless told otherwise.</summary>
    public const int Seed = 1000;

    private const int Batches = 2;
    private const int MadeUp = 64;

    /// <summary>Finds or makes the inputs of a model.</summary>
    /// <param name="path">The original model.</param>
    /// <param name="data">A folder with a folder of .npz files for each model; null for none.</param>
    /// <param name="kind">Which of them to take.</param>
    public static EvaluationInputs Of(string path, string? data, EvaluationKind kind = EvaluationKind.Best)
    {
        using ModelRunner runner = ModelRunner.Open(path);
        string? folder = data is null ? null : Path.Combine(data, Path.GetFileNameWithoutExtension(path));
        if (kind == EvaluationKind.Best && Directory.Exists(folder))
        {
            return new EvaluationInputs("data", [.. InputSources.Open(folder).Prepare(runner).Samples]);
        }

        OnnxModel model = OnnxModelFile.Load(path);
        return kind != EvaluationKind.MadeUp && SelfSampling.Find(model, runner, Seed) is { } self
            ? new EvaluationInputs("self-written", [.. self.Generate(Batches, Seed, CancellationToken.None)])
            : new EvaluationInputs(
                "made up",
                [.. new SyntheticInputSource(model) { Seed = Seed, Limit = MadeUp }.Prepare(runner).Samples]);
    }

    /// <summary>The same samples for comparisons.</summary>
    public InputSource Source() => new Fixed(this);

    private sealed class Fixed(EvaluationInputs inputs) : InputSource
    {
        internal override PreparedInputs Prepare(ModelRunner original) => new(inputs.Description, inputs.Samples, []);
    }
}

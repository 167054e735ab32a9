using FlatLearning.Onnx.Evaluation.Benchmarking;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Verification;

/// <summary>
/// Run a model once on inputs made for it, to see that ONNX Runtime can: in a process of its own, before the caller
/// runs it many times in its own. Answered by a <see cref="TrialReply"/>.
/// </summary>
/// <param name="Model">The file.</param>
/// <param name="Seed">Start of the random inputs.</param>
internal sealed record TrialRequest(string Model, int Seed) : WorkerRequest
{
    /// <summary>Does it.</summary>
    /// <exception cref="OnnxModelException">It cannot be loaded or run.</exception>
    /// <exception cref="UsageException">No input that it runs with is found.</exception>
    public TrialReply Run()
    {
        OnnxModel model = OnnxModelFile.Load(Model);
        using ModelRunner runner = ModelRunner.Open(Model);
        ComparisonSample sample =
            new SyntheticInputSource(model) { Seed = Seed, Limit = 1 }.Prepare(runner).Samples.First();
        return new TrialReply(runner.Run(NoiseColour.Apply(sample, 0).Inputs).Count);
    }
}

/// <summary>The model ran.</summary>
/// <param name="Outputs">How many outputs could be read.</param>
internal sealed record TrialReply(int Outputs);

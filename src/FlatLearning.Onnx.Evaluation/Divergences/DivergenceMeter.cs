using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Evaluation.Divergences;

/// <summary>Measures the divergence of outputs for a plan that has a limit of it.</summary>
internal sealed class DivergenceMeter : IOutputMeter
{
    private const int Batches = 1;
    private const int Numbers = 1 << 18;

    private readonly OutputJudge _judge;

    private DivergenceMeter(OutputJudge judge) => _judge = judge;

    /// <summary>Runs the original.</summary>
    /// <exception cref="UsageException">It has no floating-point output, or no inputs can be made up.</exception>
    /// <exception cref="OnnxModelException">It cannot be run.</exception>
    public static DivergenceMeter Open(OnnxModel original, int seed, CancellationToken cancellation)
    {
        using ModelRunner runner = ModelRunner.Open(original.Path!);
        ModelInputs inputs = new(original, runner, seed);
        return new DivergenceMeter(
            OutputJudge.Open(
                runner, inputs.Make(seed, Batches, Numbers, cancellation), inputs.Description, inputs.Scores,
                cancellation)
            ?? throw new UsageException(Messages.NoFloatOutput(runner.Name)));
    }

    /// <inheritdoc/>
    public double WorstSnr(OnnxModel plain, CancellationToken cancellation)
    {
        double loss = _judge.Of(plain, cancellation).Loss;
        return loss == 0 ? double.PositiveInfinity
            : double.IsFinite(loss) ? SnrSearch.DecibelsOf(loss)
            : double.NaN;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

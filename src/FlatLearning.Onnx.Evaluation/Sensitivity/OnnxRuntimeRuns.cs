using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Benchmarking;
using FlatLearning.Onnx.Evaluation.Divergences;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>Runs of models in ONNX Runtime for <see cref="ConvertOptions.Runs"/>.</summary>
public sealed class OnnxRuntimeRuns : ModelRuns
{
    private readonly WorkerStart? _worker;

    private OnnxRuntimeRuns(WorkerStart? worker) => _worker = worker;

    /// <summary>Runs in this process: a model that crashes ONNX Runtime ends it.</summary>
    public static OnnxRuntimeRuns Instance { get; } = new(null);

    /// <summary>
    /// Runs in this process of models that ran once in another: one that crashes ONNX Runtime is one that cannot be
    /// run.
    /// </summary>
    /// <param name="worker">How a worker is started.</param>
    public static OnnxRuntimeRuns Guarded(WorkerStart worker)
    {
        ArgumentNullException.ThrowIfNull(worker);
        return new OnnxRuntimeRuns(worker);
    }

    /// <inheritdoc/>
    internal override ModelHessians Hessians(
        OnnxModel original, ConversionDraft draft, ConvertOptions options, CancellationToken cancellation)
    {
        // A user's file may hold all that is asked for, of a model that cannot be run.
        if (options.Hessian is HessianMode.Auto or HessianMode.Synthetic)
        {
            Try(original, options.Seed, cancellation);
        }

        return new HessianCollector(original, draft, options, cancellation).Collect();
    }

    /// <inheritdoc/>
    internal override IOutputMeter Meter(OnnxModel original, int seed, CancellationToken cancellation)
    {
        Try(original, seed, cancellation);
        return OutputMeter.Open(original, seed);
    }

    /// <inheritdoc/>
    internal override IOutputMeter DivergenceMeter(OnnxModel original, int seed, CancellationToken cancellation)
    {
        Try(original, seed, cancellation);
        return Divergences.DivergenceMeter.Open(original, seed, cancellation);
    }

    /// <inheritdoc/>
    internal override ITournamentRuns? Tournament(
        OnnxModel original, int seed, CancellationToken cancellation)
    {
        Try(original, seed, cancellation);
        return TournamentRuns.Open(original, seed, cancellation);
    }

    private void Try(OnnxModel original, int seed, CancellationToken cancellation)
    {
        if (_worker is not null)
        {
            using WorkerProcess worker = new(_worker, $"'{original.Path}'");
            worker.Ask<TrialReply>(
                new TrialRequest(original.Path!, seed), "loading and running it", cancellation);
        }
    }
}

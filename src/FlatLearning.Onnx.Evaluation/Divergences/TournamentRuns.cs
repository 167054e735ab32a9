using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Evaluation.Divergences;

/// <summary>Runs in ONNX Runtime on inputs that are made for the model.</summary>
internal sealed class TournamentRuns : ITournamentRuns
{
    private const int Batches = 3;
    private const int TrialBatches = 1;
    private const int JudgeBatches = 1;

    /// <summary>
    /// Numbers in all made-up inputs of fits, and of the runs that decide; few samples have that many each.
    /// </summary>
    private const long FitNumbers = 1 << 20;
    private const long JudgeNumbers = 1 << 18;

    /// <summary>The part of the inputs of fits on which weights are tried alone.</summary>
    private const int TrialShare = 8;
    private const int MinTrial = 12;

    /// <summary>Sequences that a model writes are like those that it reads; noise is a guess.</summary>
    private const double SelfRidge = 0.05;
    private const double NoiseRidge = 0.2;

    private readonly OutputJudge _judge;
    private readonly OutputJudge _trial;
    private readonly IReadOnlyList<ComparisonSample> _samples;

    private TournamentRuns(
        OutputJudge judge, OutputJudge trial, IReadOnlyList<ComparisonSample> samples, ModelInputs inputs) =>
        (_judge, _trial, _samples, Ridge, IsGuess) = (
            judge, trial, samples, inputs.IsSelfWritten ? SelfRidge : NoiseRidge, inputs.IsGuess);

    /// <inheritdoc/>
    public string Inputs => _judge.Inputs;

    /// <inheritdoc/>
    public int Samples => _judge.Samples;

    /// <inheritdoc/>
    public string Measure => _judge.Measure;

    /// <inheritdoc/>
    public bool IsGuess { get; }

    /// <inheritdoc/>
    public double Ridge { get; }

    /// <summary>Prepares runs; null where the model has no output to judge by.</summary>
    /// <param name="original">The model, loaded from a file.</param>
    /// <param name="seed">Start of the inputs of fits; those that decide have another.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="OnnxModelException">It cannot be run.</exception>
    /// <exception cref="UsageException">No inputs can be made up.</exception>
    public static TournamentRuns? Open(OnnxModel original, int seed, CancellationToken cancellation)
    {
        using ModelRunner runner = ModelRunner.Open(original.Path!);
        ModelInputs inputs = new(original, runner, seed);
        IReadOnlyList<ComparisonSample> samples = inputs.Make(seed, Batches, FitNumbers, cancellation);
        OutputJudge? judge = Measure(inputs.Make(seed + 1, JudgeBatches, JudgeNumbers, cancellation));
        OutputJudge? trial = judge is null
            ? null
            : Measure([.. samples.Take(
                inputs.IsSelfWritten ? TrialBatches : Math.Max(MinTrial, samples.Count / TrialShare))]);
        return trial is null
            ? null
            : new TournamentRuns(judge!, trial, samples, inputs);

        OutputJudge? Measure(IReadOnlyList<ComparisonSample> on) =>
            OutputJudge.Open(runner, on, inputs.Description, inputs.Scores, cancellation);
    }

    /// <inheritdoc/>
    public Divergence Judge(OnnxModel plain, CancellationToken cancellation) => _judge.Of(plain, cancellation);

    /// <inheritdoc/>
    public Divergence Trial(OnnxModel plain, CancellationToken cancellation) => _trial.Of(plain, cancellation);

    /// <inheritdoc/>
    public ILiveModel Load(
        OnnxModel plain, IReadOnlyDictionary<int, IReadOnlyList<LivePart>> weights,
        IReadOnlyCollection<string> probes) =>
        LiveModel.Open(plain, weights, probes, _judge, _trial, _samples);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

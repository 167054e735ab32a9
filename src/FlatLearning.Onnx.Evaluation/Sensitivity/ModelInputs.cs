using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>
/// Inputs for runs of a model whose real ones are not known: what it writes itself where it can, else made-up ones that
/// vary as real ones might. Each seed gives inputs of its own.
/// </summary>
internal sealed class ModelInputs
{
    private const int MinSamples = 12;
    private const int MaxSamples = 4096;

    /// <summary>Samples of one run where there are many, and the fewest runs then.</summary>
    private const int Rows = 16;
    private const int MinRuns = 12;

    private readonly OnnxModel _model;
    private readonly ModelRunner _runner;
    private readonly SelfSampling? _self;

    /// <summary>Finds out what the model takes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="runner">The same, loaded.</param>
    /// <param name="seed">Start of the random numbers that it is tried with.</param>
    public ModelInputs(OnnxModel model, ModelRunner runner, int seed)
    {
        (_model, _runner, _self) = (model, runner, SelfSampling.Find(model, runner, seed));
        InputDomains domains = new(model);
        IsGuess = runner.Inputs.Any(
            input => input.Name != _self?.Input
                && !TensorNumbers.IsFloat(input.ElementType)
                && domains.Of(input.Name).IsSymbols);
    }

    /// <summary>Whether the model writes them itself.</summary>
    public bool IsSelfWritten => _self is not null;

    /// <summary>The output that scores what the model writes next; null where it does not.</summary>
    public string? Scores => _self?.Output;

    /// <summary>
    /// Whether an input that the model does not write itself holds positions of a table: words, classes, bytes.
    /// </summary>
    public bool IsGuess { get; }

    /// <summary>What the inputs are, for summaries.</summary>
    public string Description => IsSelfWritten ? "sequences that the model wrote itself"
        : IsGuess ? "made-up symbols"
        : "made-up signals";

    /// <summary>Makes inputs.</summary>
    /// <param name="seed">Which ones.</param>
    /// <param name="batches">Batches of sequences where the model writes them.</param>
    /// <param name="numbers">About how many numbers where it does not; some samples at least.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    public IReadOnlyList<ComparisonSample> Make(int seed, int batches, long numbers, CancellationToken cancellation)
    {
        if (_self is not null)
        {
            return [.. _self.Generate(batches, seed, cancellation)];
        }

        ComparisonSample one =
            new SyntheticInputSource(_model) { Seed = seed, Limit = 1 }.Prepare(_runner).Samples.First();
        long size = Math.Max(1, one.Inputs.Values.Sum(tensor => tensor.ElementCount));
        int count = (int)Math.Clamp(numbers / size, MinSamples, MaxSamples);

        // Rows of one run have one colour, so that there are runs of each.
        int batch = count >= MinRuns * Rows ? Rows : 1;
        SyntheticInputSource source = new(_model) { Seed = seed, Batch = batch, Limit = count / batch };
        return [.. source.Prepare(_runner).Samples.Select(NoiseColour.Apply)];
    }

    /// <summary>Makes samples one by one.</summary>
    /// <param name="seed">Which ones.</param>
    /// <param name="batches">Batches of sequences where the model writes them.</param>
    /// <param name="samples">Samples where it does not.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    public IEnumerable<ComparisonSample> Stream(int seed, int batches, int samples, CancellationToken cancellation) =>
        _self?.Generate(batches, seed, cancellation)
            ?? new SyntheticInputSource(_model) { Seed = seed, Limit = samples }.Prepare(_runner).Samples
                .Select(NoiseColour.Apply);
}

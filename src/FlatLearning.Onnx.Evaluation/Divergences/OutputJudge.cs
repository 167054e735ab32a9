using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Evaluation.Divergences;

/// <summary>Keeps inputs with the original's answers and runs other models on them.</summary>
internal sealed class OutputJudge
{
    private readonly IReadOnlyList<ComparisonSample> _samples;
    private readonly List<IReadOnlyDictionary<string, OrtTensor>> _answers = [];
    private readonly JudgedOutput[] _outputs;

    private OutputJudge(
        ModelRunner original, IReadOnlyList<ComparisonSample> samples, string inputs, string? scores,
        CancellationToken cancellation)
    {
        (_samples, Inputs) = (samples, inputs);
        string[] names = [
            .. original.Outputs.Where(output => output.IsTensor && TensorNumbers.IsFloat(output.ElementType))
            .Select(output => output.Name)];
        foreach (ComparisonSample sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            _answers.Add(original.Run(sample.Inputs, names));
        }

        _outputs = [.. names.Select(
            name => new JudgedOutput(name, [.. _answers.Select(answer => answer[name])], name == scores))];
    }

    /// <summary>What the inputs are, in words.</summary>
    public string Inputs { get; }

    /// <summary>How many runs the inputs make.</summary>
    public int Samples => _samples.Count;

    /// <summary>kl where every output is a distribution, else relative_error.</summary>
    public string Measure => Array.TrueForAll(_outputs, output => output.ByDivergence) ? "kl" : "relative_error";

    /// <summary>The original's outputs in one run.</summary>
    public IReadOnlyDictionary<string, OrtTensor> Answer(int sample) => _answers[sample];

    /// <summary>Runs the original; null where it has no floating-point output.</summary>
    /// <param name="original">The original, loaded in ONNX Runtime; not needed afterwards.</param>
    /// <param name="samples">The inputs.</param>
    /// <param name="inputs">What they are, in words.</param>
    /// <param name="scores">An output that is known to score the entries of its last axis; null for none.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="OnnxModelException">It cannot be run.</exception>
    public static OutputJudge? Open(
        ModelRunner original, IReadOnlyList<ComparisonSample> samples, string inputs, string? scores,
        CancellationToken cancellation)
    {
        OutputJudge judge = new(original, samples, inputs, scores, cancellation);
        return judge._outputs.Length > 0 && samples.Count > 0 ? judge : null;
    }

    /// <summary>Runs a model.</summary>
    /// <param name="plain">A model of standard operators with the original's inputs and outputs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="OnnxModelException">It cannot be run.</exception>
    public Divergence Of(OnnxModel plain, CancellationToken cancellation)
    {
        using TemporaryModel file = TemporaryModel.Create(plain, cancellation);
        using ModelRunner runner = ModelRunner.Open(file.Path);
        return Of((sample, outputs) => runner.Run(sample.Inputs, outputs), cancellation);
    }

    /// <summary>The same for a model that is loaded.</summary>
    /// <param name="run">Runs it for some outputs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <param name="seen">Gets every run's index and outputs, or null.</param>
    public Divergence Of(
        Func<ComparisonSample, IReadOnlyList<string>, IReadOnlyDictionary<string, OrtTensor>> run,
        CancellationToken cancellation, Action<int, IReadOnlyDictionary<string, OrtTensor>>? seen = null)
    {
        string[] names = [.. _outputs.Select(output => output.Name)];
        List<double> parts = [];
        for (int i = 0; i < _samples.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyDictionary<string, OrtTensor> found = run(_samples[i], names);
            seen?.Invoke(i, found);
            parts.AddRange(_outputs.SelectMany(output => output.Parts(_answers[i][output.Name], found[output.Name])));
        }

        return new Divergence([.. parts.Select(part => part / _outputs.Length)]);
    }
}

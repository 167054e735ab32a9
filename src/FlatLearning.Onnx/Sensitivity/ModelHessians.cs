using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Sensitivity;

/// <summary>The H that each weight of a model may use.</summary>
internal sealed class ModelHessians
{
    /// <summary>Another H than I must lower the error on the second set by this share to be used.</summary>
    private const double MinGain = 0.01;

    private readonly IReadOnlyList<WeightHessian>[] _choices;
    private readonly Hessian?[] _judges;

    /// <summary>H = I for every weight.</summary>
    public ModelHessians(int candidates)
    {
        _choices = new IReadOnlyList<WeightHessian>[candidates];
        Array.Fill(_choices, [WeightHessian.Identity]);
        _judges = new Hessian?[candidates];
    }

    /// <summary>What the user should know.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>
    /// Opens a meter on the inputs that belong to the second moments; null where there are no such inputs.
    /// </summary>
    public Func<IOutputMeter>? OpenMeter { get; set; }

    /// <summary>What <see cref="ConvertOptions.Hessian"/> asks for.</summary>
    /// <exception cref="OnnxModelException">The model cannot be run, or the user's file cannot be read.</exception>
    /// <exception cref="UsageException">The user's file does not fit the model, or nothing runs models.</exception>
    public static ModelHessians Collect(
        OnnxModel original, ConversionDraft draft, ConvertOptions options, CancellationToken cancellation) =>
        options.Hessian == HessianMode.None
            ? new ModelHessians(draft.Candidates.Count)
            : options.RequireRuns().Hessians(original, draft, options, cancellation);

    /// <summary>The only H that a weight can have.</summary>
    public void Set(int candidate, WeightHessian only) => _choices[candidate] = [only];

    /// <summary>The H that a weight may have besides I, and the second moments by which they are judged.</summary>
    public void Offer(int candidate, IEnumerable<WeightHessian> choices, Hessian judge) =>
        (_choices[candidate], _judges[candidate]) = ([WeightHessian.Identity, .. choices], judge);

    /// <summary>
    /// The H of a weight: that of a bundle, the only one there is, or the one whose codes lose least on the second set.
    /// </summary>
    /// <param name="index">The weight's place among the candidates.</param>
    /// <param name="candidate">The weight.</param>
    /// <param name="matrix">Its K x N matrix, row-major.</param>
    /// <param name="workers">Threads for trials.</param>
    /// <param name="cancellation">Stops between trials.</param>
    public WeightHessian Choose(
        int index, WeightCandidate candidate, float[] matrix, IWorkers workers, CancellationToken cancellation)
    {
        if (BundleHessian.Of(candidate, matrix) is { } bundle)
        {
            return bundle;
        }

        IReadOnlyList<WeightHessian> choices = _choices[index];
        if (choices.Count == 1 || _judges[index] is not { } judge)
        {
            return choices[0];
        }

        IReadOnlyList<double> errors = WeightTrial.Errors(
            matrix, candidate.Rows, candidate.Columns, [.. choices.Select(choice => choice.Hessian)], judge, workers,
            cancellation);
        int best = Enumerable.Range(0, errors.Count).MinBy(i => errors[i]);
        return errors[best] < (1 - MinGain) * errors[0] ? choices[best] : choices[0];
    }
}

using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Comparison;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Sensitivity;

/// <summary>The H that each weight of a model may use, and the inputs to judge by.</summary>
internal sealed class ModelSensitivity
{
    private const int Batches = 4;
    private const int JudgeBatches = 2;
    private const int NoiseSamples = 768;
    private const int NoiseJudgeSamples = 256;

    /// <summary>Noise is a guess at the inputs: directions in which it is silent count a little all the same.</summary>
    private const double NoiseRidge = 0.05;

    /// <summary>Another H than I must lower the error on the second set by this share to be used.</summary>
    private const double MinGain = 0.01;

    private readonly IReadOnlyList<WeightHessian>[] _choices;
    private readonly Hessian?[] _judges;

    private ModelSensitivity(int candidates)
    {
        _choices = new IReadOnlyList<WeightHessian>[candidates];
        Array.Fill(_choices, [WeightHessian.Identity]);
        _judges = new Hessian?[candidates];
    }

    /// <summary>A second set of inputs, for measurements of whole models; null where none was made.</summary>
    public IReadOnlyList<ComparisonSample>? Samples { get; private set; }

    /// <summary>What the user should know.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Collects what the mode asks for.</summary>
    /// <exception cref="OnnxModelException">The model cannot be run, or the user's file cannot be read.</exception>
    /// <exception cref="UsageException">The user's file does not fit the model.</exception>
    public static ModelSensitivity Collect(
        OnnxModel original, ConversionDraft draft, ConvertOptions options, CancellationToken cancellation)
    {
        ModelSensitivity result = new(draft.Candidates.Count);
        switch (options.Hessian)
        {
            case HessianMode.None:
                break;
            case HessianMode.Data:
                result.FromData(original, draft, options.HessianFile!, cancellation);
                break;
            case HessianMode.Synthetic:
                result.FromRuns(original, draft, options, cancellation);
                break;
            default:
                try
                {
                    result.FromRuns(original, draft, options, cancellation);
                }
                catch (Exception exception) when (exception is OnnxModelException or UsageException)
                {
                    result.Notes.Add(
                        $"every weight counts alike (H = I), because the model cannot be run on made-up inputs: "
                            + $"{exception.Message.TrimEnd('.')}");
                }

                break;
        }

        return result;
    }

    /// <summary>
    /// The H of a weight: the only one there is, or the one whose codes lose least on the second set.
    /// </summary>
    public WeightHessian Choose(int candidate, float[] matrix, int rows, int columns, CancellationToken cancellation)
    {
        IReadOnlyList<WeightHessian> choices = _choices[candidate];
        if (choices.Count == 1 || _judges[candidate] is not { } judge)
        {
            return choices[0];
        }

        IReadOnlyList<double> errors = WeightTrial.Errors(
            matrix, rows, columns, [.. choices.Select(choice => choice.Hessian)], judge, cancellation);
        int best = Enumerable.Range(0, errors.Count).MinBy(i => errors[i]);
        return errors[best] < (1 - MinGain) * errors[0] ? choices[best] : choices[0];
    }

    private void FromRuns(
        OnnxModel original, ConversionDraft draft, ConvertOptions options, CancellationToken cancellation)
    {
        int seed = options.Fit.Seed;
        using ModelRunner runner = ModelRunner.Open(original.Path!);
        SelfSampling? self = SelfSampling.Find(original, runner, seed);
        bool isGuess = LooksUp(original, runner, self?.Input);
        IEnumerable<ComparisonSample> train = self?.Generate(Batches, seed, cancellation)
            ?? Noise(original, runner, seed, NoiseSamples);
        Samples = [
            .. self?.Generate(JudgeBatches, seed + 1, cancellation)
                ?? Noise(original, runner, seed + 1, NoiseJudgeSamples)];
        InputMoment?[] moments = MomentCollector.Collect(original, draft, train, cancellation);
        Dictionary<InputMoment, Hessian> weights =
            WeightsOf(moments, self is null ? NoiseRidge : Hessian.DefaultRidge);
        if (options.Hessian == HessianMode.Synthetic)
        {
            SetOnly(moments, weights, "synthetic");
            return;
        }

        if (isGuess)
        {
            Notes.Add(
                "the model takes whole numbers that it does not write itself, and made-up ones say little of its "
                    + "weights' inputs: only normalisations in front of weights are used for H");
        }

        InputMoment?[] judges = MomentCollector.Collect(original, draft, Samples, cancellation);
        Dictionary<InputMoment, Hessian> judgeWeights = WeightsOf(judges, 0);
        for (int i = 0; i < moments.Length; i++)
        {
            if (judges[i] is { } judge)
            {
                List<WeightHessian> choices = [WeightHessian.Identity];
                if (NormInFront.Find(draft.Candidates[i], draft.Constants, draft.Candidates[i].Rows) is { } norm)
                {
                    choices.Add(new WeightHessian(norm, "layernorm"));
                }

                if (!isGuess && moments[i] is { } moment)
                {
                    choices.Add(new WeightHessian(weights[moment], "synthetic"));
                }

                (_choices[i], _judges[i]) = (choices, judgeWeights[judge]);
            }
        }
    }

    private void FromData(OnnxModel original, ConversionDraft draft, string path, CancellationToken cancellation)
    {
        (Hessian?[] direct, IReadOnlyDictionary<string, Numpy.NpyArray> inputs) = DataMoments.Read(path, draft);
        if (inputs.Count > 0)
        {
            using ModelRunner runner = ModelRunner.Open(original.Path!);
            List<ComparisonSample> all = [.. new ArrayInputSource($"'{path}'", inputs).Prepare(runner).Samples];
            Samples = all;
            InputMoment?[] moments = MomentCollector.Collect(original, draft, all, cancellation);
            SetOnly(moments, WeightsOf(moments, Hessian.DefaultRidge), "data");
        }

        for (int i = 0; i < direct.Length; i++)
        {
            _choices[i] = direct[i] is { } weight ? [new WeightHessian(weight, "data")] : _choices[i];
        }
    }

    private void SetOnly(InputMoment?[] moments, Dictionary<InputMoment, Hessian> weights, string source)
    {
        for (int i = 0; i < moments.Length; i++)
        {
            _choices[i] = moments[i] is { } moment && !weights[moment].IsIdentity
                ? [new WeightHessian(weights[moment], source)]
                : _choices[i];
        }
    }

    /// <summary>One H for every moment: its factor is made once for all weights that share it.</summary>
    private static Dictionary<InputMoment, Hessian> WeightsOf(InputMoment?[] moments, double ridge) =>
        moments.OfType<InputMoment>().Distinct().ToDictionary(moment => moment, moment => moment.Weight(ridge));

    private static IEnumerable<ComparisonSample> Noise(OnnxModel original, ModelRunner runner, int seed, int count) =>
        new SyntheticInputSource(original) { Seed = seed, Limit = count }.Prepare(runner).Samples.Select(
            NoiseColour.Apply);

    /// <summary>
    /// Whether an input that the model does not write itself holds positions of a table: words, classes, bytes.
    /// </summary>
    private static bool LooksUp(OnnxModel original, ModelRunner runner, string? written)
    {
        InputDomains domains = new(original);
        return runner.Inputs.Any(
            input => input.Name != written
                && !TensorNumbers.IsFloat(input.ElementType)
                && domains.Of(input.Name).Limit is > 2);
    }
}

using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>Runs a model for the second moments of its weights' inputs.</summary>
internal sealed class HessianCollector(
    OnnxModel original, ConversionDraft draft, ConvertOptions options, CancellationToken cancellation)
{
    private const int Batches = 4;
    private const int JudgeBatches = 2;
    private const int NoiseSamples = 768;
    private const int NoiseJudgeSamples = 256;

    /// <summary>Noise is a guess at the inputs: directions in which it is silent count a little all the same.</summary>
    private const double NoiseRidge = 0.05;

    private readonly ModelHessians _result = new(draft.Candidates.Count);

    /// <summary>Collects what the mode asks for.</summary>
    /// <exception cref="OnnxModelException">The model cannot be run, or the user's file cannot be read.</exception>
    /// <exception cref="UsageException">The user's file does not fit the model.</exception>
    public ModelHessians Collect()
    {
        switch (options.Hessian)
        {
            case HessianMode.None:
                break;
            case HessianMode.Data:
                FromData(options.HessianFile!);
                break;
            case HessianMode.Synthetic:
                FromRuns();
                break;
            default:
                try
                {
                    FromRuns();
                }
                catch (Exception exception) when (exception is OnnxModelException or UsageException)
                {
                    _result.Notes.Add(
                        "every weight counts alike (H = I), because the model cannot be run on made-up inputs: "
                            + $"{exception.Message.TrimEnd('.')}");
                }

                break;
        }

        return _result;
    }

    private void FromRuns()
    {
        int seed = options.Seed;
        using ModelRunner runner = ModelRunner.Open(original.Path!);
        ModelInputs inputs = new(original, runner, seed);
        IEnumerable<ComparisonSample> train = inputs.Stream(seed, Batches, NoiseSamples, cancellation);
        IReadOnlyList<ComparisonSample> second =
            MeterOn([.. inputs.Stream(seed + 1, JudgeBatches, NoiseJudgeSamples, cancellation)]);
        InputMoment?[] moments = MomentCollector.Collect(original, draft, train, cancellation);
        Dictionary<InputMoment, Hessian> weights =
            WeightsOf(moments, inputs.IsSelfWritten ? Hessian.DefaultRidge : NoiseRidge);
        if (options.Hessian == HessianMode.Synthetic)
        {
            SetOnly(moments, weights, "synthetic");
            return;
        }

        if (inputs.IsGuess)
        {
            _result.Notes.Add(
                "the model takes whole numbers that it does not write itself, and made-up ones say little of its "
                    + "weights' inputs: only normalisations in front of weights are used for H");
        }

        InputMoment?[] judges = MomentCollector.Collect(original, draft, second, cancellation);
        Dictionary<InputMoment, Hessian> judgeWeights = WeightsOf(judges, 0);
        for (int i = 0; i < moments.Length; i++)
        {
            if (judges[i] is { } judge)
            {
                List<WeightHessian> choices = [];
                if (NormInFront.Find(draft.Candidates[i], draft.Constants, draft.Candidates[i].Rows) is { } norm)
                {
                    choices.Add(new WeightHessian(norm, "layernorm"));
                }

                if (!inputs.IsGuess && moments[i] is { } moment)
                {
                    choices.Add(new WeightHessian(weights[moment], "synthetic"));
                }

                _result.Offer(i, choices, judgeWeights[judge]);
            }
        }
    }

    private void FromData(string path)
    {
        (Hessian?[] direct, IReadOnlyDictionary<string, Numpy.NpyArray> inputs) = DataMoments.Read(path, draft);
        if (inputs.Count > 0)
        {
            using ModelRunner runner = ModelRunner.Open(original.Path!);
            IReadOnlyList<ComparisonSample> all =
                MeterOn([.. new ArrayInputSource($"'{path}'", inputs).Prepare(runner).Samples]);
            InputMoment?[] moments = MomentCollector.Collect(original, draft, all, cancellation);
            SetOnly(moments, WeightsOf(moments, Hessian.DefaultRidge), "data");
        }

        for (int i = 0; i < direct.Length; i++)
        {
            if (direct[i] is { } weight)
            {
                _result.Set(i, new WeightHessian(weight, "data"));
            }
        }
    }

    /// <summary>Whole models are measured on these samples, too.</summary>
    private IReadOnlyList<ComparisonSample> MeterOn(IReadOnlyList<ComparisonSample> samples)
    {
        _result.OpenMeter = () => OutputMeter.Open(original, options.Seed, samples);
        return samples;
    }

    private void SetOnly(InputMoment?[] moments, Dictionary<InputMoment, Hessian> weights, string source)
    {
        for (int i = 0; i < moments.Length; i++)
        {
            if (moments[i] is { } moment && !weights[moment].IsIdentity)
            {
                _result.Set(i, new WeightHessian(weights[moment], source));
            }
        }
    }

    /// <summary>One H for every moment: its factor is made once for all weights that share it.</summary>
    private static Dictionary<InputMoment, Hessian> WeightsOf(InputMoment?[] moments, double ridge) =>
        moments.OfType<InputMoment>().Distinct().ToDictionary(moment => moment, moment => moment.Weight(ridge));
}

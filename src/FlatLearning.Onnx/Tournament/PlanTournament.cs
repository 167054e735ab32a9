using FlatLearning.Fitting.Codes;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Tournament;

/// <summary>
/// Converts a model in several ways within one target and keeps the one whose outputs are nearest to the original's, on
/// inputs that no fit has seen.
/// </summary>
internal sealed class PlanTournament
{
    /// <summary>A weight that these inputs hardly reach is not free: others may reach it.</summary>
    private const double MinShare = 0.01;

    /// <summary>Limits are met within the rounding of the number that says them.</summary>
    private const double Rounding = 1e-9;

    /// <summary>
    /// Where inputs are guesses, codes of one width win if they take this share of the bytes of the best.
    /// </summary>
    private const double PlainShare = 0.95;

    private const string PlainName = "plain codes";

    /// <summary>Steps of the work, for its progress.</summary>
    private const double Steps = 8;

    /// <summary>Models with more weights than this have no weights fitted twice.</summary>
    private const double LargeModel = 1 << 23;

    private static readonly int[] PlainWidths = [8, 6, 5, 4, 3, 2];

    private readonly OnnxModel _original;
    private readonly ConvertOptions _options;
    private readonly PlanTarget _target;
    private readonly ITournamentRuns _runs;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly ConversionDraft _draft;
    private readonly CandidateWork _work;
    private readonly WeightMatrices _matrices;
    private readonly List<Contender> _contenders = [];

    private PlanTournament(
        OnnxModel original, ConversionDraft draft, ConvertOptions options, PlanTarget target, ITournamentRuns runs,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        (_original, _draft, _options, _target, _runs, _progress, _cancellation) =
            (original, draft, options, target, runs, progress, cancellation);
        _work = new CandidateWork(_draft.Constants, options.Threads);
        _matrices = new WeightMatrices(_draft, _work, cancellation);
    }

    /// <summary>Holds a tournament; the prior alone decides where the model cannot be run.</summary>
    /// <param name="original">The model.</param>
    /// <param name="draft">A draft of it; read only.</param>
    /// <param name="options">How it is converted.</param>
    /// <param name="target">Bits or bytes.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static ConvertedModel Convert(
        OnnxModel original, ConversionDraft draft, ConvertOptions options, PlanTarget target,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        string reason;
        try
        {
            using ITournamentRuns? runs = options.RequireRuns().Tournament(original, options.Seed, cancellation);
            if (runs is not null)
            {
                return new PlanTournament(original, draft, options, target, runs, progress, cancellation).Hold();
            }

            reason = "it has no floating-point output";
        }
        catch (Exception exception) when (exception is OnnxModelException or UsageException)
        {
            reason = exception.Message;
        }

        ConvertedModel alone = ModelPlanner.Convert(
            original, draft, options with { Hessian = HessianMode.None }, target, progress, cancellation);
        return alone with
        {
            Notes = [.. alone.Notes, Messages.OutputsUnknown(reason)],
        };
    }

    private ConvertedModel Hold()
    {
        CurveMeasurement measurement = new(
            _draft, _options with { Hessian = HessianMode.None }, new ModelHessians(_draft.Candidates.Count));
        WeightCurve?[] curves = measurement.Run(null, _cancellation);
        PlanModel prior =
            ModelPlanner.Model(_original, _options, _draft, new PlanCurves(curves), measurement.Fixed);
        using ILiveModel? live = Load(prior, measurement.Fixed);
        _progress?.Report(1 / Steps);
        ConvertedModel converted = Carry(prior);
        Enter("prior", converted, live, prior);
        Enter(PlainName, Plain(prior), live, prior);
        if (live is not null && !_runs.IsGuess && Elements(prior) <= LargeModel)
        {
            SequentialRefit refit = new(_draft, live, _matrices, _work, _runs.Ridge, _cancellation);
            double[] sensitivities = Sensitivities(converted.Outcomes, live, curves);
            foreach (bool bands in (bool[])[true, false])
            {
                PlanCurves judged = new(curves.Select(
                    (curve, i) => (bands ? curve : curve?.WithoutBands()) is { } some
                        ? some with { Sensitivity = sensitivities[i] }
                        : null));
                PlanModel model = ModelPlanner.Model(_original, _options, _draft, judged, measurement.Fixed);
                model.Fits.Knowing(prior.Fits);
                string name = bands ? "measured sensitivities" : "measured sensitivities without bands";
                ConvertedModel plan = Carry(model);
                Enter(name, plan, live, prior);
                Refit($"{name}, layer after layer", plan, refit, live, prior);
            }
        }

        return Report(prior);
    }

    private ConvertedModel Carry(PlanModel model) =>
        ModelPlanner.Carry(model, _target, _options.PredictOnly, null, null, _cancellation);

    /// <summary>The model with exchangeable weights; null where it has none.</summary>
    private ILiveModel? Load(PlanModel model, IReadOnlyDictionary<int, WeightOutcome> given)
    {
        // What a converted weight becomes in the restored model says whether it is there as it is fitted.
        HashSet<int> all = [
            .. Enumerable.Range(0, _draft.Candidates.Count)
                .Where(i => model.Curves.All[i] is not null || given.GetValueOrDefault(i)?.Fit?.Weight is not null)];
        Dictionary<int, IReadOnlyList<LivePart>> found = Matrices(model, all).Found;
        if (found.Count == 0)
        {
            return null;
        }

        return _runs.Load(
            Matrices(model, found.Keys.ToHashSet()).Plain, found, SequentialRefit.Probes(_draft, found.Keys));
    }

    /// <summary>The model with some weights converted and restored, zeros so far, and where they are in it.</summary>
    private (OnnxModel Plain, Dictionary<int, IReadOnlyList<LivePart>> Found) Matrices(
        PlanModel model, HashSet<int> converted)
    {
        ConvertedModel zeros = model.Fits.AssembleSkeleton(
            [.. model.Curves.All.Select(
                (curve, i) => converted.Contains(i) || curve is null ? 0 : curve.Options.Count - 1)]);
        Dictionary<int, IReadOnlyList<LivePart>> found = [];
        if (zeros.Weights.All(weight => weight.SkippedReason is not null))
        {
            return (_original, found);
        }

        OnnxModel plain = ModelRestorer.Restore(zeros.Model);
        IReadOnlyDictionary<string, long[]> shapes = LiveParts.Shapes(plain.Proto.Graph);
        foreach (int i in zeros.Weights.Where(weight => weight.SkippedReason is null).Select(weight => weight.Candidate)
            .Where(converted.Contains).Distinct())
        {
            if (LiveParts.Of(_draft.Candidates[i], shapes) is { } parts)
            {
                found.Add(i, parts);
            }
        }

        return (plain, found);
    }

    /// <summary>Codes of one width for every weight, the widest within the target.</summary>
    private ConvertedModel? Plain(PlanModel model)
    {
        foreach (int bits in PlainWidths)
        {
            // Codes alone take so many bits.
            if (_target.Kind == TargetKind.Bits && bits > _target.Value)
            {
                continue;
            }

            UniformCodesPlan plan = new() { Bits = bits };
            ConvertedModel plain = ModelConverter.Convert(
                _original,
                _options with { Target = null, Hessian = HessianMode.None, Plan = plan, DensePlan = plan },
                null,
                _cancellation);
            if (IsWithin(plain, model))
            {
                return plain;
            }
        }

        return null;
    }

    private ConvertedModel Assemble(IReadOnlyList<WeightOutcome?> outcomes) =>
        new ConversionDraft(_original, _options).Assemble(outcomes) with { Outcomes = outcomes };

    private bool IsWithin(ConvertedModel converted, PlanModel model) => _target.Kind == TargetKind.Bits
        ? 8.0 * Bytes(converted, model) <= (1 + Rounding) * _target.Value * Elements(model)
        : model.Sizes.Of(converted) <= (_target.IsShare ? _target.Value * model.OriginalBytes : _target.Value);

    private static double Elements(PlanModel model) =>
        model.Given.Elements + model.Curves.All.Sum(curve => (double)(curve?.Elements ?? 0));

    private static long Bytes(ConvertedModel converted, PlanModel model) => converted.Weights
        .Where(weight => model.Curves.All[weight.Candidate] is not null || weight.SkippedReason is null)
        .Sum(weight => weight.StoredBytes);

    private void Enter(string name, ConvertedModel? converted, ILiveModel? live, PlanModel model)
    {
        _progress?.Report((_contenders.Count + 2) / Steps);
        if (converted is not null && (IsWithin(converted, model) || _contenders.Count == 0))
        {
            _contenders.Add(new Contender(name, converted, Loss(converted, live)));
        }
    }

    private Divergence Loss(ConvertedModel converted, ILiveModel? live)
    {
        try
        {
            if (live is not null && Enumerable.Range(0, converted.Outcomes.Count)
                .All(i => converted.Outcomes[i]?.Fit?.Weight is null || live.Weights.Contains(i)))
            {
                _matrices.Show(live, converted.Outcomes);
                return live.Judge(_cancellation);
            }

            bool any = converted.Weights.Any(weight => weight.SkippedReason is null);
            return _runs.Judge(any ? ModelRestorer.Restore(converted.Model) : _original, _cancellation);
        }
        catch (OnnxModelException)
        {
            return Divergence.Infinite;
        }
    }

    /// <summary>What each weight's fit alone does to the outputs, over its error.</summary>
    private double[] Sensitivities(
        IReadOnlyList<WeightOutcome?> outcomes, ILiveModel live, IReadOnlyList<WeightCurve?> curves)
    {
        double[] sensitivities = new double[outcomes.Count];
        _matrices.Show(live, null);
        for (int i = 0; i < sensitivities.Length; i++)
        {
            if (curves[i] is not null && outcomes[i]?.Fit is { Weight: not null, WeightedError: > 0 } fit)
            {
                double loss = LossOfOne(outcomes, i, live);
                sensitivities[i] = double.IsFinite(loss) ? loss / fit.WeightedError : 0;
            }
        }

        // Weights that these inputs do not reach, or that could not be exchanged, count as the prior has it.
        double scale = sensitivities.Sum()
            / Math.Max(double.Epsilon, curves.Where((_, i) => sensitivities[i] > 0).Sum(curve => curve!.Sensitivity));
        return [.. sensitivities.Select(
            (value, i) => curves[i] is not { } curve ? 0
                : scale <= 0 ? curve.Sensitivity
                : value > 0 ? Math.Max(value, MinShare * scale * curve.Sensitivity)
                : scale * curve.Sensitivity)];
    }

    /// <summary>The loss of the model with one weight converted.</summary>
    private double LossOfOne(IReadOnlyList<WeightOutcome?> outcomes, int weight, ILiveModel live)
    {
        if (live.Weights.Contains(weight))
        {
            live.Set(weight, WeightMatrices.Decode(outcomes[weight]!.Fit!.Weight!));
            double loss = live.Trial(_cancellation).Loss;
            live.Set(weight, _matrices.Original(weight));
            return loss;
        }

        ConvertedModel alone = Assemble(
            [.. outcomes.Select(
                (outcome, i) => i == weight ? outcome : new WeightOutcome(null) { Stays = "it waits" })]);
        try
        {
            return alone.Weights.All(report => report.SkippedReason is not null)
                ? 0
                : _runs.Trial(ModelRestorer.Restore(alone.Model), _cancellation).Loss;
        }
        catch (OnnxModelException)
        {
            return 0;
        }
    }

    private void Refit(string name, ConvertedModel converted, SequentialRefit refit, ILiveModel live, PlanModel model)
    {
        IReadOnlyList<WeightOutcome?> outcomes = refit.Run(
            converted.Outcomes,
            (i, matrix, hessian) => converted.Options[i]!.Refit(matrix, hessian, _work.Workers, _cancellation));
        Enter(name, Assemble(outcomes) with { Target = converted.Target, Options = converted.Options }, live, model);
    }

    private ConvertedModel Report(PlanModel model)
    {
        double elements = Elements(model);
        Contender[] order = [.. _contenders.OrderBy(contender => contender.Loss.Loss)];
        if (_runs.IsGuess && Array.Find(order, contender => contender.Name == PlainName) is { } plain
            && Bytes(plain.Model, model) >= PlainShare * Bytes(order[0].Model, model))
        {
            // What is known of such models is that codes of one width lose little on real inputs.
            order = [plain, .. order.Where(contender => contender != plain)];
        }

        Contender best = order[0];
        TargetReport target = best.Model.Target ?? Unplanned(best.Model, order, model);
        return best.Model with
        {
            Target = target with
            {
                Met = IsWithin(best.Model, model),
                Reached = _target.Kind == TargetKind.Bits
                    ? 8 * Bytes(best.Model, model) / elements
                    : model.Sizes.Of(best.Model),
            },
            Tournament = new TournamentReport(
                _runs.Measure, _runs.Inputs, _runs.Samples, best.Name,
                [.. order.Select(contender => Candidate(contender, best, model))]),
        };
    }

    /// <summary>What was reached without a plan that predicted it.</summary>
    private TargetReport Unplanned(ConvertedModel converted, IEnumerable<Contender> others, PlanModel model)
    {
        (double error, double energy) = (0, 0);
        for (int i = 0; i < converted.Outcomes.Count; i++)
        {
            if (model.Curves.All[i] is not null && converted.Outcomes[i]?.Fit is { } fit)
            {
                double own = _matrices.Original(i).Sum(element => (double)element * element);
                (error, energy) = (error + (fit.Error * own), energy + own);
            }
        }

        error = energy > 0 ? error / energy : 0;
        return others.Select(contender => contender.Model.Target).OfType<TargetReport>().First() with
        {
            PredictedBytes = model.Sizes.Of(converted),
            PredictedError = error,
            Error = error,
        };
    }

    private static TournamentCandidate Candidate(Contender contender, Contender best, PlanModel model)
    {
        double bits = 8 * Bytes(contender.Model, model) / Elements(model);
        if (!double.IsFinite(contender.Loss.Loss))
        {
            return new TournamentCandidate(contender.Name, bits, null, null, null);
        }

        PairedInterval over = PairedInterval.Of(contender.Loss.Parts, best.Loss.Parts);
        return new TournamentCandidate(contender.Name, bits, contender.Loss.Loss, over.Low, over.High);
    }
}

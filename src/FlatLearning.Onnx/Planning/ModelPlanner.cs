using System.Collections.Concurrent;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Portable.Terms;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// Converts a model for a target: measures the rate-distortion curve of every weight, chooses a point of each such that
/// the model's error is least within the target (or its bytes, for an error), and fits these points. Deterministic: the
/// same model, options and target give the same file.
/// </summary>
internal sealed class ModelPlanner(OnnxModel original, ConvertOptions options, PlanTarget target)
{
    private const double CurveShare = 0.4;
    private const int MaxAttempts = 8;
    private const int MaxSizes = 14;

    /// <summary>A file of this share of the target's bytes has met it.</summary>
    private const double CloseEnough = 0.995;

    /// <summary>
    /// A model of this share of the target's error has met it, where corrected estimates could bring it nearer.
    /// </summary>
    private const double CloseError = 0.98;

    private const int MaxCorrections = 3;

    // Digits of the errors in the model's metadata.
    private const int SlackPerWeight = 8;

    private ConversionDraft _draft = null!;
    private readonly ConcurrentDictionary<int, WeightOutcome> _unfit = [];
    private WeightCurve?[] _curves = [];
    private Allocator _allocator = null!;
    private PlanFits _fits = null!;
    private PlanStructures _structures = null!;
    private PlanSizes _sizes = null!;
    private ModelHessians _hessians = null!;
    private double _sensitivity;

    /// <summary>
    /// Size and loss of the first plan, before its fits corrected estimates; null where there are none.
    /// </summary>
    private (long Bytes, double Loss)? _predicted;

    /// <summary>Plans and converts.</summary>
    /// <exception cref="OnnxModelException">The model cannot be run where the target needs that.</exception>
    public ConvertedModel Convert(IProgress<double>? progress, CancellationToken cancellation)
    {
        _draft = new ConversionDraft(original, options);
        _hessians = ModelHessians.Collect(original, _draft, options, cancellation);
        CandidateWork work = new(_draft.Constants, options.Threads);
        _curves = work.Run(
            _draft.Candidates, (i, matrix, share) => Curve(i, matrix, work.Workers, share, cancellation),
            Share(progress, 0, CurveShare), cancellation);
        using IOutputMeter? meter = target.Kind == TargetKind.Snr
            ? options.RequireRuns().Meter(original, options.Seed)
            : _hessians.OpenMeter?.Invoke();
        if (meter is not null)
        {
            double[] effects = OutputSensitivity.Measure(original, options, meter, cancellation);
            _curves = [
                .. _curves.Select(
                    (curve, i) => curve is null ? null : curve with { Sensitivity = effects[i] / curve.NoiseRatio })];
        }

        _sensitivity = _curves.Sum(curve => curve?.Sensitivity ?? 0);
        _allocator = Allocator();
        _fits = new PlanFits(original, options, _draft, _curves, _unfit);
        _sizes = new PlanSizes(_draft, options.Output, _curves);
        _structures = new PlanStructures(original, options, _curves);
        IProgress<double>? rest = Share(progress, CurveShare, 1);
        ConvertedModel converted = target.Kind switch
        {
            TargetKind.Bits => ForBits(rest, cancellation),
            TargetKind.Size => ForSize(rest, cancellation),
            TargetKind.Error => ForError(rest, cancellation),
            _ => new SnrSearch(_allocator, _fits, meter!, target.Value, options).Run(rest, cancellation),
        };
        return converted with { Notes = [.. converted.Notes, .. _hessians.Notes] };
    }

    private static IProgress<double>? Share(IProgress<double>? progress, double begin, double end) =>
        progress is null ? null : new ProgressPart(progress, begin, end);

    private WeightCurve? Curve(
        int index, float[] matrix, IWorkers workers, IProgress<double>? progress, CancellationToken cancellation)
    {
        WeightCandidate candidate = _draft.Candidates[index];
        if (UnfitWeight.Of(matrix, candidate.Columns) is { } unfit)
        {
            _unfit[index] = unfit;
            return null;
        }

        WeightHessian hessian = _hessians.Choose(
            index, matrix, candidate.Rows, candidate.Columns, workers, cancellation);
        PlanRequest request = options.Search with
        {
            Hessian = hessian.Hessian,
            // Errors that later rows make up for make some rows count more than others, which sorting rows by their
            // scales does not see.
            Bands = !hessian.Hessian.IsFull
                && (!options.Portable || StandardOpset.Of(original.Proto) >= MixedCodesBody.OldestOpset),
            Sparse = !options.Portable || StandardOpset.Of(original.Proto) >= SparseBody.OldestOpset,
            Seed = options.Seed,
            Workers = workers,
        };
        IReadOnlyList<PlanOption> measured =
            CurveEstimator.Measure(matrix, candidate.Rows, candidate.Columns, request, progress, cancellation);
        return WeightCurve.Of(
            candidate, measured, WeightCurve.EnergyOf(matrix, candidate.Columns, Hessian.Identity)) with
        {
            Hessian = hessian.Source,
            NoiseRatio = WeightCurve.NoiseRatioOf(matrix, candidate.Columns, hessian.Hessian),
        };
    }

    private ConvertedModel ForBits(IProgress<double>? progress, CancellationToken cancellation)
    {
        long elements = _curves.Sum(curve => curve?.Elements ?? 0);
        long whole = (long)(target.Value * elements / 8);
        return WithinBytes(
            excess => PlanForBits(whole - excess), Planned, whole, bytes => elements == 0 ? 0 : 8.0 * bytes / elements,
            progress, cancellation);
    }

    private Allocation PlanForBits(long whole)
    {
        long common = _curves.SelectMany(curve => curve?.Options ?? []).Max(option => option?.CommonBytes) ?? 0;
        Allocation allocation = _structures.Pruned(_allocator, _allocator.Within(whole - common), whole - common);
        if (common > 0 && _structures.Of(allocation).All(structure => _structures.CommonBytes(structure) == 0))
        {
            // Nothing of it shares tables: their bytes are left for the weights.
            allocation = _structures.With(_structures.Of(allocation)).Within(whole);
        }

        if (_sizes.Of(allocation.Choice) >= ModelSize.Of(original))
        {
            // So small a model has no room for the functions of the best plan.
            allocation = _structures.All.Select(
                structure => _structures.With([structure]).Within(whole - _structures.CommonBytes(structure)))
                .Where(
                    plan => plan.Bytes <= whole && _sizes.Of(plan.Choice) < ModelSize.Of(original))
                .MinBy(plan => plan.Loss) ?? allocation;
        }

        return allocation;
    }

    /// <summary>Bytes stored for the planned weights, those that stay included.</summary>
    private long Planned(ConvertedModel model) =>
        model.Weights.Where((_, i) => _curves[i] is not null).Sum(weight => weight.StoredBytes);

    private ConvertedModel ForSize(IProgress<double>? progress, CancellationToken cancellation)
    {
        long limit = (long)(target.IsShare ? target.Value * ModelSize.Of(original) : target.Value);
        return WithinBytes(excess => SizedPlan(limit, excess), Saved, limit, bytes => bytes, progress, cancellation);
    }

    /// <summary>
    /// The largest plan within some bytes. Bytes of packed codes are known before they are fitted, but scales may take
    /// 32 bits where the sample said 16; those of entropy-coded ones are estimates, which the fits correct.
    /// </summary>
    /// <param name="plan">The plan for so many bytes fewer than the limit.</param>
    /// <param name="measure">Bytes of a converted model.</param>
    /// <param name="limit">Their limit.</param>
    /// <param name="unit">From bytes to what is reported.</param>
    private ConvertedModel WithinBytes(
        Func<long, Allocation> plan, Func<ConvertedModel, long> measure, long limit, Func<long, double> unit,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        (ConvertedModel? best, Allocation? bestPlan, long bestBytes) = (null, null, long.MaxValue);
        long excess = 0;
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            Allocation allocation = plan(excess);
            ConvertedModel model = Carry(allocation, attempt == 0 ? progress : null, cancellation);
            long bytes = measure(model);
            bool met = bytes <= limit;
            if (best is null || (met ? bytes > bestBytes || bestBytes > limit : bytes < bestBytes))
            {
                (best, bestPlan, bestBytes) = (model, allocation, bytes);
            }

            bool corrected = !options.PredictOnly && Correct(allocation);
            if (options.PredictOnly
                || (met && (!corrected || bytes >= CloseEnough * limit))
                || (!met && allocation.Bytes <= _allocator.MinBytes))
            {
                break;
            }

            // Estimates that were corrected may be right now.
            excess += met ? 0 : corrected && attempt == 0 ? 0 : bytes - limit;
        }

        return Report(best!, bestPlan!, unit(limit), unit(bestBytes), bestBytes <= limit);
    }

    /// <summary>Learns from the fits of a plan how far estimates were off; whether it has any.</summary>
    private bool Correct(Allocation allocation)
    {
        int[] coded = [
            .. Enumerable.Range(0, _curves.Length)
                .Where(i => _curves[i]?.Options[allocation.Choice[i]] is { IsCoded: true })];
        if (coded.Length == 0)
        {
            return false;
        }

        _predicted ??= Predicted(allocation);
        foreach (int i in coded)
        {
            FitResult fit = _fits.Of(i, allocation.Choice[i]);
            _curves[i] = _curves[i]!.Corrected(allocation.Choice[i], fit.Weight!.StoredBytes, fit.WeightedError);
        }

        _allocator = Allocator();
        return true;
    }

    private (long Bytes, double Loss) Predicted(Allocation allocation) =>
        (_sizes.Of(allocation.Choice), allocation.Loss);

    private Allocator Allocator() => new([.. _curves.Select(curve => curve?.Items ?? [(0, 0)])]);

    private long Saved(ConvertedModel model) => ModelSize.WhenSaved(model.Model, options.Output);

    /// <summary>
    /// The plan whose whole file takes at most <paramref name="limit"/> - <paramref name="reserve"/> bytes. Names,
    /// nodes and functions depend on what is chosen, so the bytes for weights are corrected by what the last plan took
    /// besides, or bisected where that leads back to a known plan.
    /// </summary>
    private Allocation SizedPlan(long limit, long reserve)
    {
        limit -= reserve + (SlackPerWeight * (long)_curves.Length);
        (Allocation? best, long bestSize, long fits, long exceeds) = (null, 0, 0, limit);
        long budget = limit - (ModelSize.Of(original) - _curves.Sum(curve => curve?.OriginalBytes ?? 0));
        for (int attempt = 0; attempt < MaxSizes; attempt++)
        {
            Allocation allocation = _allocator.Within(budget);
            long size = _sizes.Of(allocation.Choice);
            if (size <= limit)
            {
                (best, bestSize) = best is null || allocation.Loss < best.Loss ? (allocation, size) : (best, bestSize);
                fits = Math.Max(fits, budget);
                if (size >= CloseEnough * limit)
                {
                    break;
                }
            }
            else
            {
                exceeds = Math.Min(exceeds, budget);
            }

            long corrected = allocation.Bytes + limit - size;
            budget = corrected > fits && corrected < exceeds ? corrected : fits + ((exceeds - fits) / 2);
            if (exceeds <= Math.Max(fits, _allocator.MinBytes) + 1)
            {
                break;
            }
        }

        if (best is null)
        {
            return PlanOfOneStructure(limit);
        }

        // Every structure brings a function of some kilobytes: with those of the best plan alone, what is not for
        // weights stays the same.
        List<string> kept = [.. _structures.Of(best)];
        Allocation same = _structures.With(kept).Within(limit - (bestSize - best.Bytes));
        best = same.Loss < best.Loss && _sizes.Of(same.Choice) <= limit ? same : best;
        foreach (string structure in _structures.Of(best))
        {
            // Without one of them, its function's bytes go to the weights.
            Allocation without = _structures.With(kept.Where(other => other != structure))
                .Within(limit - (bestSize - best.Bytes) + _structures.FunctionBytes(structure));
            long size = without.Loss < best.Loss ? _sizes.Of(without.Choice) : long.MaxValue;
            if (size <= limit)
            {
                (best, bestSize) = (without, size);
                kept.Remove(structure);
            }
        }

        return best;
    }

    /// <summary>
    /// The best plan with one function within a size of the whole file, where plans with what the weights alone like
    /// best are too large; the smallest of these where none fits.
    /// </summary>
    private Allocation PlanOfOneStructure(long limit)
    {
        (Allocation? best, Allocation? smallest, long min) = (null, null, long.MaxValue);
        foreach (string structure in _structures.All)
        {
            Allocator alone = _structures.With([structure]);
            Allocation plan = alone.Within(0);
            long size = _sizes.Of(plan.Choice);
            (smallest, min) = size < min ? (plan, size) : (smallest, min);
            if (size > limit)
            {
                continue;
            }

            Allocation larger = alone.Within(plan.Bytes + limit - size);
            plan = _sizes.Of(larger.Choice) <= limit ? larger : plan;
            best = best is null || plan.Loss < best.Loss ? plan : best;
        }

        return best ?? smallest ?? _allocator.Within(_allocator.MinBytes);
    }

    private ConvertedModel ForError(IProgress<double>? progress, CancellationToken cancellation)
    {
        double limit = target.Value * _sensitivity;
        double aim = limit;
        for (int attempt = 1; ; attempt++)
        {
            Allocation allocation = PlanWithLoss(aim);
            ConvertedModel model = Carry(allocation, attempt == 1 ? progress : null, cancellation);
            double loss = options.PredictOnly ? allocation.Loss : _fits.Loss(allocation.Choice);
            bool corrected = !options.PredictOnly && Correct(allocation);
            if ((loss <= limit && (!corrected || loss >= CloseError * limit || attempt > MaxCorrections))
                || attempt == MaxAttempts)
            {
                return Report(
                    model, allocation, target.Value, _sensitivity > 0 ? loss / _sensitivity : 0, loss <= limit);
            }

            // Estimates that were corrected may be right now.
            aim = corrected && attempt <= MaxCorrections ? limit : aim * 0.98 * limit / loss;
        }
    }

    /// <summary>
    /// The fewest bytes for a loss, functions counted: the structures of a plan are pruned, and the loss is sought
    /// again with those that are left.
    /// </summary>
    private Allocation PlanWithLoss(double loss)
    {
        if (_allocator.WithLoss(loss) is not { } plan)
        {
            return _allocator.Within(long.MaxValue);
        }

        IReadOnlyList<string> kept = _structures.Of(_structures.Pruned(_allocator, plan, plan.Bytes));
        return kept.Count > 0
            && _structures.With(kept).WithLoss(loss) is { } pruned
            && pruned.Bytes
                + kept.Sum(_structures.FunctionBytes) < plan.Bytes + _structures.Of(plan).Sum(_structures.FunctionBytes)
            ? pruned
            : plan;
    }

    private ConvertedModel Carry(Allocation allocation, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (options.PredictOnly)
        {
            return _fits.AssembleSkeleton(allocation.Choice);
        }

        _fits.Make(allocation.Choice, progress, cancellation);
        return _fits.Assemble(allocation.Choice);
    }

    private ConvertedModel Report(ConvertedModel model, Allocation allocation, double asked, double reached, bool met)
    {
        double scale = _sensitivity > 0 ? 1 / _sensitivity : 0;
        double? error = options.PredictOnly ? null : _fits.Loss(allocation.Choice) * scale;
        (long predicted, double loss) = options.PredictOnly
            ? (Saved(model), allocation.Loss)
            : _predicted ?? Predicted(allocation);
        return model
            with {
                Target = new TargetReport(
                    target.Kind.ToString().ToLowerInvariant(), asked, reached, met, predicted, loss * scale, error) };
    }
}

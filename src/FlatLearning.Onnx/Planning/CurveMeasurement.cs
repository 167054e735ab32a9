using System.Collections.Concurrent;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Portable.Terms;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Planning;

/// <summary>Measures the rate-distortion curve of every weight of a model, several at a time.</summary>
/// <param name="draft">The model with its weights found.</param>
/// <param name="options">Effort, and what representations may hold.</param>
/// <param name="hessians">The H of every weight.</param>
internal sealed class CurveMeasurement(ConversionDraft draft, ConvertOptions options, ModelHessians hessians)
{
    private readonly long _opset = StandardOpset.Of(draft.Model.Proto);
    private readonly ConcurrentDictionary<int, WeightOutcome> _fixed = [];

    /// <summary>What becomes of weights without a curve whatever the plan.</summary>
    public IReadOnlyDictionary<int, WeightOutcome> Fixed => _fixed;

    /// <summary>
    /// The curves, in the order of the draft's candidates; null for those that stay whatever the plan.
    /// </summary>
    public WeightCurve?[] Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        CandidateWork work = new(draft.Constants, options.Threads);
        return work.Run(
            draft.Candidates, (i, matrix, share) => Curve(i, matrix, work.Workers, share, cancellation), progress,
            cancellation);
    }

    private WeightCurve? Curve(
        int index, float[] matrix, IWorkers workers, IProgress<double>? progress, CancellationToken cancellation)
    {
        WeightCandidate candidate = draft.Candidates[index];
        if ((UnfitWeight.Of(candidate, matrix) ?? ExactWeight.Of(candidate, matrix)) is { } known)
        {
            _fixed[index] = known;
            return null;
        }

        if (candidate.IsValues)
        {
            FitOptions fitting = new() { Seed = options.Seed, Workers = workers };
            _fixed[index] = new WeightOutcome(
                WeightFitter.Fit(
                    matrix, candidate.Rows, candidate.Columns, options.ValuesPlan, fitting, progress, cancellation));
            return null;
        }

        WeightHessian hessian = hessians.Choose(index, candidate, matrix, workers, cancellation);
        bool needsFunction = options.Portable || candidate.IsTensor;
        if (hessian.Hessian.IsIdentity)
        {
            hessian = hessian with { Hessian = options.Prior.HessianOf(matrix, candidate.Columns) };
        }

        PlanRequest request = options.Search with
        {
            Hessian = hessian.Hessian,
            // Errors that later rows make up for make some rows count more than others, which sorting rows by their
            // scales does not see. Of tables, whose rows may differ a hundredfold, the estimate of bands is not true:
            // only a search that measures outputs may go by it.
            Bands = options.Search.Bands && !hessian.Hessian.IsFull
                && (!candidate.IsTensor || options.Target?.Kind == TargetKind.Snr)
                && (!needsFunction || _opset >= MixedCodesBody.OldestOpset),
            Sparse = !needsFunction || _opset >= SparseBody.OldestOpset,
            Coded = options.Search.Coded && !candidate.IsTensor,
            Seed = options.Seed,
            Workers = workers,
        };
        IReadOnlyList<PlanOption> measured =
            CurveEstimator.Measure(matrix, candidate.Rows, candidate.Columns, request, progress, cancellation);
        double energy = WeightCurve.EnergyOf(matrix, candidate.Columns, Hessian.Identity);
        return WeightCurve.Of(
            candidate, candidate.IsTensor ? measured.Where(option => HasFunction(candidate, option)) : measured,
            energy) with
        {
            Sensitivity = options.Prior.SensitivityOf(energy, matrix.Length),
            Hessian = hessian.Source,
            NoiseRatio = WeightCurve.NoiseRatioOf(matrix, candidate.Columns, hessian.Hessian),
        };
    }

    // Of a metric, the form in standard operators depends on what was fitted, and is looked at when the file is made.
    private bool HasFunction(WeightCandidate candidate, PlanOption option) =>
        draft.Outline(candidate, option.Skeleton()).Structure is not null;
}

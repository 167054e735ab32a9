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
    private readonly ConcurrentDictionary<int, WeightOutcome> _unfit = [];

    /// <summary>What becomes of weights without a curve that are no candidates that were skipped.</summary>
    public IReadOnlyDictionary<int, WeightOutcome> Unfit => _unfit;

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
        if (UnfitWeight.Of(matrix, candidate.Columns) is { } unfit)
        {
            _unfit[index] = unfit;
            return null;
        }

        WeightHessian hessian =
            hessians.Choose(index, matrix, candidate.Rows, candidate.Columns, workers, cancellation);
        PlanRequest request = options.Search with
        {
            Hessian = hessian.Hessian,
            // Errors that later rows make up for make some rows count more than others, which sorting rows by their
            // scales does not see.
            Bands = !hessian.Hessian.IsFull && (!options.Portable || _opset >= MixedCodesBody.OldestOpset),
            Sparse = !options.Portable || _opset >= SparseBody.OldestOpset,
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
}

using FlatLearning.Dyn.Operators;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Quantised;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Standard;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Converts a model in memory: finds the weights, plans and fits them in parallel, rewrites the graph.
/// </summary>
public static class ModelConverter
{
    /// <summary>Converts a validated model.</summary>
    /// <param name="original">The model; not changed.</param>
    /// <param name="options">What to convert and how.</param>
    /// <param name="progress">Receives the share of the fitting work that is done, from any thread.</param>
    /// <param name="cancellation">Stops between and within fits.</param>
    /// <exception cref="UsageException">The model is converted already, or its operator set is too old.</exception>
    /// <exception cref="OnnxModelException">A tensor cannot be read.</exception>
    public static ConvertedModel Convert(
        OnnxModel original, ConvertOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        RequireConvertible(original.Proto);
        if (!options.Requantize)
        {
            return ConvertDense(original, options, progress, cancellation);
        }

        DequantisedModel dense = QuantisedSources.Dequantised(original, IsWanted);
        ConvertedModel converted = ConvertDense(dense.Model, options, progress, cancellation);
        return converted with
        {
            Notes = [Messages.Requantized(dense.Count), .. converted.Notes],
            Weights = [
                .. converted.Weights.Select(
                    weight => dense.StoredBytes.TryGetValue(weight.Name, out long bytes)
                        ? weight with { OriginalBytes = bytes }
                        : weight)],
        };

        bool IsWanted(GraphValue codes, NodeProto node) =>
            WeightSelection.ReasonAgainst(
                options, codes.Name, [node.Name], ModelConstants.Stored(codes)?.Count ?? long.MaxValue) is null;
    }

    private static ConvertedModel ConvertDense(
        OnnxModel original, ConvertOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (options.Format == WeightFormat.OnnxRuntime)
        {
            return StandardConverter.Convert(original, options, progress, cancellation);
        }

        ConversionDraft draft = new(original, options);
        bool isLarge = draft.Candidates.Where(candidate => candidate.Reason is null)
            .Sum(candidate => candidate.Info.Count) > options.PlainAbove;
        if (options.Target is { } target && !isLarge)
        {
            return options.Tournament && !options.PredictOnly && target.Kind is TargetKind.Bits or TargetKind.Size
                ? PlanTournament.Convert(original, draft, options, target, progress, cancellation)
                : ModelPlanner.Convert(original, draft, options, target, progress, cancellation);
        }

        ModelHessians hessians = ModelHessians.Collect(original, draft, options, cancellation);
        CandidateWork work = new(draft.Constants, options.Threads);
        WeightOutcome?[] outcomes = work.Run(draft.Candidates, Fit, progress, cancellation);
        ConvertedModel converted = draft.Assemble(outcomes);
        return converted with
        {
            Outcomes = outcomes,
            Notes = [
                .. converted.Notes, .. hessians.Notes,
                .. isLarge ? [Messages.TooLargeForTrials()] : Array.Empty<string>()],
        };

        WeightOutcome Fit(int i, float[] matrix, IProgress<double>? share)
        {
            WeightCandidate candidate = draft.Candidates[i];
            if ((UnfitWeight.Of(candidate, matrix) ?? ExactWeight.Of(candidate, matrix)) is { } known)
            {
                return known;
            }

            WeightHessian hessian = hessians.Choose(i, candidate, matrix, work.Workers, cancellation);
            FitOptions fitting = new() { Hessian = hessian.Hessian, Seed = options.Seed, Workers = work.Workers };
            WeightPlan plan = candidate.IsValues ? options.ValuesPlan
                : candidate.IsTensor ? options.DensePlan
                : options.Plan;
            FitResult fit = WeightFitter.Fit(
                matrix, candidate.Rows, candidate.Columns, plan, fitting, share, cancellation);
            return new WeightOutcome(fit) { Hessian = hessian.Source };
        }
    }

    private static void RequireConvertible(ModelProto model)
    {
        if (ModelWalk.NodeLists(model).SelectMany(nodes => nodes).Any(node => node.Domain == DynOperator.Domain))
        {
            throw new UsageException(Messages.AlreadyConverted());
        }

        long opset = StandardOpset.Of(model);
        if (opset < StandardOpset.Oldest)
        {
            throw new UsageException(Messages.OpsetTooOld(opset, StandardOpset.Oldest));
        }
    }
}

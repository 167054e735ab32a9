using FlatLearning.Fitting;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// Converts a model with entropy storage for a target: one step for all weights (in units of each weight's H), which is the allocation of least error. Nothing is estimated: the
/// fits of the search are the fits of the file. Memory: all weights.
/// </summary>
internal sealed class EntropyPlanner(OnnxModel original, ConvertOptions options, PlanTarget target)
{
    private const double CurveShare = 0.5;
    private const int SizeRounds = 3;
    private const string Choice = "one step for all weights, the largest that meets the target";

    /// <summary>Plans and converts.</summary>
    /// <exception cref="OnnxModelException">A weight is not finite.</exception>
    /// <exception cref="UsageException">The target cannot be met.</exception>
    public ConvertedModel Convert(IProgress<double>? progress, CancellationToken cancellation)
    {
        ConversionDraft draft = new(original, options);
        ModelSensitivity sensitivity = ModelSensitivity.Collect(original, draft, options, cancellation);
        Part?[] parts = new CandidateWork(draft.Constants, options.Threads).Run(
            draft.Candidates,
            (i, matrix, share) => Prepare(draft.Candidates[i], sensitivity.Choose(i, matrix, draft.Candidates[i].Rows, draft.Candidates[i].Columns, cancellation), matrix, share, cancellation),
            progress is null ? null : new ProgressPart(progress, 0, CurveShare),
            cancellation);
        StepCurve[] curves = [.. parts.OfType<Part>().Select(part => part.Curve)];
        long elements = curves.Sum(curve => curve.Count);
        double energy = curves.Sum(curve => curve.WeightedEnergy);
        ConvertedModel? model = null;
        IReadOnlyList<FitResult>? fits = null;
        if (target.Kind == TargetKind.Error)
        {
            fits = Required(ModelStep.WithinError(curves, target.Value * energy, options.Threads, cancellation));
            model = Assemble(draft, parts, fits);
        }
        else
        {
            long limit = target.Kind == TargetKind.Bits ? (long)(target.Value * elements / 8) : (long)(target.IsShare ? target.Value * ModelSize.Of(original) : target.Value);

            // Names and nodes take bytes too: those of the last file.
            long besides = target.Kind == TargetKind.Bits ? 0 : Math.Max(0, ModelSize.Of(original) - draft.Candidates.Where((_, i) => parts[i] is not null).Sum(candidate => candidate.Info.ByteLength));
            for (int round = 0; round < SizeRounds; round++)
            {
                fits = Required(limit > besides ? ModelStep.WithinBytes(curves, limit - besides, options.Threads, cancellation) : null);
                model = Assemble(round == 0 ? draft : new ConversionDraft(original, options), parts, fits);
                if (target.Kind == TargetKind.Bits || ModelSize.WhenSaved(model.Model) is var size && size <= limit && size >= 0.995 * limit)
                {
                    break;
                }

                besides = ModelSize.WhenSaved(model.Model) - fits.Sum(fit => fit.Weight!.StoredBytes) + (8 * curves.Length);
            }
        }

        progress?.Report(1);
        double error = energy > 0 ? fits!.Zip(curves).Sum(pair => pair.First.WeightedError * pair.Second.WeightedEnergy) / energy : 0;
        long saved = ModelSize.WhenSaved(model!.Model);
        double bits = elements == 0 ? 0 : 8.0 * model.Weights.Where((_, i) => parts[i] is not null).Sum(weight => weight.StoredBytes) / elements;
        (double asked, double reached) = target.Kind switch
        {
            TargetKind.Bits => (target.Value, bits),
            TargetKind.Size => (Math.Floor(target.IsShare ? target.Value * ModelSize.Of(original) : target.Value), saved),
            _ => (target.Value, error),
        };
        return model with
        {
            Target = new TargetReport(target.Kind.ToString().ToLowerInvariant(), asked, reached, reached <= asked, saved, error, error),
            Notes = [.. model.Notes, .. sensitivity.Notes],
        };
    }

    private static IReadOnlyList<FitResult> Required(IReadOnlyList<FitResult>? fits) => fits ?? throw new UsageException(Messages.EntropyTarget());

    private static ConvertedModel Assemble(ConversionDraft draft, Part?[] parts, IReadOnlyList<FitResult> fits)
    {
        int next = 0;
        return draft.Assemble([.. parts.Select(part => part is null ? null : new WeightOutcome(fits[next++]) { Hessian = part.Hessian, Choice = Choice })]);
    }

    private Part Prepare(WeightCandidate candidate, WeightHessian hessian, float[] matrix, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (WeightFitter.NotFinite(matrix, candidate.Columns) is { } reason)
        {
            throw new OnnxModelException(Messages.WeightNotFinite(candidate.Name, reason));
        }

        return new Part(new StepCurve(matrix, candidate.Rows, candidate.Columns, options.Fit with { Weight = hessian.Weight }, progress, cancellation), hessian.Source);
    }

    private sealed record Part(StepCurve Curve, string Hessian);
}

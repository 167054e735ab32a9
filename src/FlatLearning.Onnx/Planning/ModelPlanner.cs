using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// Converts a model for a target: measures the rate-distortion curve of every weight, chooses a point of each such that
/// the model's error is least within the target (or its bytes, for an error), and fits these points. Deterministic: the
/// same model, options and target give the same file.
/// </summary>
internal static class ModelPlanner
{
    /// <summary>The share of the work that curves are.</summary>
    private const double CurveShare = 0.4;

    /// <summary>Each function takes some kilobytes of a file whose bits per weight it does not change.</summary>
    private const double MinStructureGain = 0.02;

    /// <summary>Plans and converts.</summary>
    /// <param name="original">The model.</param>
    /// <param name="draft">A draft of it; read only.</param>
    /// <param name="options">How it is converted.</param>
    /// <param name="target">What is to be met.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OnnxModelException">The model cannot be run where the target needs that.</exception>
    public static ConvertedModel Convert(
        OnnxModel original, ConversionDraft draft, ConvertOptions options, PlanTarget target,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        ModelHessians hessians = ModelHessians.Collect(original, draft, options, cancellation);
        CurveMeasurement measurement = new(draft, options, hessians);
        WeightCurve?[] curves = measurement.Run(Part(progress, 0, CurveShare), cancellation);
        using IOutputMeter? meter = target.Kind switch
        {
            TargetKind.Snr => options.RequireRuns().Meter(original, options.Seed, cancellation),
            TargetKind.Kl => options.RequireRuns().DivergenceMeter(original, options.Seed, cancellation),
            _ => null,
        }
            ?? hessians.OpenMeter?.Invoke();
        if (meter is not null)
        {
            double[] effects = OutputSensitivity.Measure(original, options, meter, cancellation);
            curves = [
                .. curves.Select(
                    (curve, i) => curve is null ? null : curve with { Sensitivity = effects[i] / curve.NoiseRatio })];
        }
        else if (options.Prior.Matrix == 0)
        {
            curves = Comparable(curves);
        }

        PlanModel model = Model(original, options, draft, new PlanCurves(curves), measurement.Fixed);
        ConvertedModel converted = Carry(
            model, target, options.PredictOnly, meter, Part(progress, CurveShare, 1), cancellation);
        return converted with { Notes = [.. converted.Notes, .. hessians.Notes] };
    }

    /// <summary>Looks for the plan that meets a target, and carries it out.</summary>
    /// <param name="model">What plans are made of.</param>
    /// <param name="target">The target.</param>
    /// <param name="predictOnly">Whether the plan is predicted and not fitted.</param>
    /// <param name="meter">Measures outputs where the target is about them, else null.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static ConvertedModel Carry(
        PlanModel model, PlanTarget target, bool predictOnly, IOutputMeter? meter, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        PlanRun run = new(model, target.Kind, predictOnly);
        ITargetSearch search = target.Kind switch
        {
            TargetKind.Bits => new BitsSearch(model, run, target.Value),
            TargetKind.Size => new SizeSearch(model, run, Bytes(target, model)),
            TargetKind.Error => new ErrorSearch(model, run, target.Value),
            _ => new SnrSearch(model, run, meter!, target),
        };
        return search.Run(progress, cancellation);
    }

    /// <summary>What plans for a model are made of.</summary>
    internal static PlanModel Model(
        OnnxModel original, ConvertOptions options, ConversionDraft draft, PlanCurves curves,
        IReadOnlyDictionary<int, WeightOutcome> given) => new(
        ModelSize.Of(original),
        curves,
        new PlanStructures(draft, curves.All),
        new PlanSizes(draft, options.Output, curves.All, given),
        new PlanFits(original, options, draft, curves.All, given),
        (
            given.Values.Sum(outcome => outcome.Fit?.Weight?.StoredBytes ?? 0),
            given.Sum(pair => pair.Value.Fit is null ? 0 : draft.Candidates[pair.Key].Info.Count)))
    {
        MinStructureGain = options.Tournament ? MinStructureGain : null,
    };

    /// <summary>
    /// Convolutions, recurrent weights and tables have numbers of other sizes than products, and no inputs of theirs
    /// are known here: an element of theirs counts as one of a product does on average, so that relative errors
    /// compare.
    /// </summary>
    private static WeightCurve?[] Comparable(WeightCurve?[] curves)
    {
        WeightCurve[] products = [.. curves.OfType<WeightCurve>().Where(curve => curve.IsProduct)];
        double elements = products.Sum(curve => (double)curve.Elements);
        double density = elements > 0 ? products.Sum(curve => curve.Energy) / elements : 1;
        return [
            .. curves.Select(
                curve => curve is null or { IsProduct: true }
                    ? curve
                    : curve with { Sensitivity = density * curve.Elements })];
    }

    private static long Bytes(PlanTarget target, PlanModel model) =>
        (long)(target.IsShare ? target.Value * model.OriginalBytes : target.Value);

    private static ProgressPart? Part(IProgress<double>? progress, double begin, double end) =>
        progress is null ? null : new ProgressPart(progress, begin, end);
}

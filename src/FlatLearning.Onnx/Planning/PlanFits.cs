using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// The fits of the options that plans have chosen so far, each made once, and the models that they make.
/// </summary>
/// <param name="original">The model.</param>
/// <param name="options">How it is converted.</param>
/// <param name="draft">A copy in which its weights were found.</param>
/// <param name="curves">The weights' curves; null for those that stay whatever the plan.</param>
/// <param name="given">What becomes of weights without a curve whatever the plan.</param>
internal sealed class PlanFits(
    OnnxModel original,
    ConvertOptions options,
    ConversionDraft draft,
    IReadOnlyList<WeightCurve?> curves,
    IReadOnlyDictionary<int, WeightOutcome> given)
{
    private readonly Dictionary<PlanOption, FitResult> _fits = [];

    /// <summary>Fits what is missing.</summary>
    public void Make(IReadOnlyList<int> choice, IProgress<double>? progress, CancellationToken cancellation)
    {
        HashSet<int> missing = [
            .. Enumerable.Range(0, curves.Count)
                .Where(i => curves[i]?.Options[choice[i]] is { } option && !_fits.ContainsKey(option))];
        CandidateWork work = new(draft.Constants, options.Threads);
        FitResult?[] made = work.Run(
            draft.Candidates,
            (i, matrix, share) => curves[i]!.Options[choice[i]]!.Fit(matrix, work.Workers, share, cancellation),
            progress,
            cancellation,
            missing);
        foreach (int i in missing)
        {
            _fits[curves[i]!.Options[choice[i]]!] = made[i]!;
        }
    }

    /// <summary>The error of a choice whose fits are made, in the unit of the allocator's losses.</summary>
    public double Loss(IReadOnlyList<int> choice)
    {
        double loss = 0;
        for (int i = 0; i < curves.Count; i++)
        {
            loss += curves[i]?.Options[choice[i]] is { } option
                ? curves[i]!.Sensitivity * _fits[option].WeightedError
                : 0;
        }

        return loss;
    }

    /// <summary>The fit of a weight's option, which is made.</summary>
    public FitResult Of(int weight, int option) => _fits[curves[weight]!.Options[option]!];

    /// <summary>Takes over fits of the same options that were made for other plans.</summary>
    public PlanFits Knowing(PlanFits other)
    {
        foreach ((PlanOption option, FitResult fit) in other._fits)
        {
            _fits.TryAdd(option, fit);
        }

        return this;
    }

    /// <summary>The model of a choice whose fits are made.</summary>
    public ConvertedModel Assemble(IReadOnlyList<int> choice) => Assemble(choice, (_, option) => _fits[option]);

    /// <summary>A model of the same size and structure, filled with zeros; the errors are predictions.</summary>
    public ConvertedModel AssembleSkeleton(IReadOnlyList<int> choice) =>
        Assemble(
            choice,
            (i, option) => new FitResult(
                option.Skeleton(curves[i]!.BytesOf(choice[i])),
                option.PlainError,
                option.Error,
                FitStatus.Converged,
                null));

    private ConvertedModel Assemble(IReadOnlyList<int> choice, Func<int, PlanOption, FitResult> fit)
    {
        double total = Enumerable.Range(0, curves.Count).Sum(i => curves[i]?.LossOf(choice[i]) ?? 0);
        WeightOutcome?[] outcomes = [
            .. curves.Select((curve, i) => curve is null ? given.GetValueOrDefault(i) : Outcome(curve, i))];
        return new ConversionDraft(original, options).Assemble(outcomes) with
        {
            Outcomes = outcomes,
            Options = [.. curves.Select((curve, i) => curve?.Options[choice[i]])],
        };

        WeightOutcome Outcome(WeightCurve curve, int i)
        {
            string text = ChoiceText.Of(curve, choice[i], total);
            return curve.Options[choice[i]] is { } option
                ? new WeightOutcome(
                    fit(i, option)) { Choice = text, PredictedError = option.Error, Hessian = curve.Hessian }
                : new WeightOutcome(
                    null) { Choice = text,
                        Stays = curve.Options.Count == 1
                            ? "no representation of it is smaller"
                            : "the target leaves it as it is" };
        }
    }
}

using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// Plans of small models. The errors of their options are estimates, which are off by more than plans of nearly the
/// same bytes differ by, and a function that has no room may take the best options with it. So options of every
/// structure are fitted first, plans of fewer bytes are looked at as well, those of nearly the least loss are fitted,
/// and the best one is taken: more bytes never lose more. In large models errors of many weights even out.
/// </summary>
/// <param name="model">What plans are made of.</param>
/// <param name="run">Fits them.</param>
/// <param name="plan">The plan for some bytes.</param>
/// <param name="isOfUse">Whether its model is worth having, as far as that is known without its fits.</param>
/// <param name="isMet">Whether the model of a plan whose fits are made meets the target.</param>
/// <param name="slack">Bytes that plans leave for what is only known with the fits.</param>
internal sealed class NearbyPlans(
    PlanModel model, PlanRun run, Func<long, Allocation> plan, Func<Allocation, bool> isOfUse,
    Func<Allocation, bool> isMet, long slack)
{
    private const long MaxElements = 1 << 16;
    private const int MaxWeights = 8;

    /// <summary>Options of every structure of every weight that are fitted before any plan.</summary>
    private const int Probes = 10;

    private const int MaxRounds = 12;

    /// <summary>Parts of a bit per weight that the bytes of the plans are apart.</summary>
    private const int StepsPerBit = 80;

    /// <summary>
    /// Plans of so many parts less are looked at one after the other, those of still fewer here and there.
    /// </summary>
    private const int NearSteps = 16;
    private const int FarSteps = 20;
    private const int MaxSteps = 10 * StepsPerBit;

    /// <summary>What fits say of their neighbours is off by this share at most.</summary>
    private const double Uncertainty = 0.1;

    private readonly long _elements = model.Curves.All.Sum(curve => curve?.Elements ?? 0);
    private bool _isProbed;

    private bool IsSmall =>
        _elements is > 0 and <= MaxElements && model.Curves.All.Count(curve => curve is not null) <= MaxWeights;

    /// <summary>The best plan within some bytes.</summary>
    public Allocation Best(long bytes, CancellationToken cancellation)
    {
        if (!IsSmall || run.PredictOnly)
        {
            return plan(bytes);
        }

        Probe(cancellation);
        for (int round = 0; ; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            Allocation[] near = [.. Near(bytes)];
            if (model.Curves.HasEstimates(near[0].Choice))
            {
                return near[0];
            }

            Allocation[] unknown = [.. near.Where(one => !IsFitted(one))];
            if (unknown.Length == 0 || round == MaxRounds)
            {
                return near.Where(IsFitted).OrderBy(run.Loss).ThenBy(one => one.Bytes).FirstOrDefault(isMet) ?? near[0];
            }

            foreach (Allocation one in unknown)
            {
                run.Fit(one.Choice, cancellation);
            }
        }
    }

    private void Probe(CancellationToken cancellation)
    {
        int[][] probes = [.. model.Curves.All.Select(curve => curve is null ? [] : ProbesOf(curve))];
        for (int i = 0; !_isProbed && i < probes.Max(one => one.Length); i++)
        {
            run.Fit(
                [.. model.Curves.All.Select(
                    (curve, weight) => i < probes[weight].Length
                        ? probes[weight][i]
                        : (curve?.Options.Count ?? 1) - 1)],
                cancellation);
        }

        _isProbed = true;
    }

    private static int[] ProbesOf(WeightCurve curve) => [
        .. Enumerable.Range(0, curve.Options.Count)
            .Where(option => curve.Options[option] is { IsCoded: false })
            .GroupBy(option => curve.Structures[option])
            .Select(group => group.ToArray())
            .SelectMany(
                group => Enumerable.Range(0, Math.Min(Probes, group.Length))
                    .Select(i => group[i * group.Length / Math.Min(Probes, group.Length)]))];

    /// <summary>The plans whose losses are nearly the least, as far as they are known; one or more.</summary>
    private IEnumerable<Allocation> Near(long bytes)
    {
        List<Allocation> plans = [plan(bytes)];
        foreach (Allocation other in Budgets(bytes).Select(plan).Concat(OneWidth(bytes)))
        {
            if (isOfUse(other) && !plans.Exists(known => known.Choice.SequenceEqual(other.Choice)))
            {
                plans.Add(other);
            }
        }

        if (plans.Count > 1 && !isOfUse(plans[0]))
        {
            plans.RemoveAt(0);
        }

        double limit = (1 + Uncertainty) * plans.Min(known => known.Loss);
        return plans.Where(known => known.Loss <= limit);
    }

    /// <summary>
    /// Codes of one width for every weight, with row scales where they pay: what a conversion without a plan would
    /// make, and of few functions.
    /// </summary>
    private IEnumerable<Allocation> OneWidth(long bytes) =>
        model.Curves.All.OfType<WeightCurve>()
            .SelectMany(curve => curve.Options.Select((option, i) => (Width: WidthOf(option), curve.Structures[i])))
            .Where(option => option.Width is not null)
            .GroupBy(option => option.Width, option => option.Item2!)
            .Select(structures => model.Structures.With(structures).Within(bytes))
            .Where(known => known.Bytes <= bytes);

    private static int? WidthOf(PlanOption? option) =>
        option?.Plan is UniformCodesPlan { Metric: null, IsCompact: false } codes ? codes.Bits : null;

    private IEnumerable<long> Budgets(long bytes)
    {
        if (slack > 0)
        {
            yield return bytes + slack;
        }

        double bytesPerStep = _elements / 8.0 / StepsPerBit;
        long first = (long)(bytes / bytesPerStep);
        for (long step = first; step > Math.Max(0, first - MaxSteps); step--)
        {
            if (step > first - NearSteps || step % FarSteps == 0)
            {
                yield return Math.Min((long)(step * bytesPerStep), bytes);
            }
        }
    }

    private bool IsFitted(Allocation known) => Enumerable.Range(0, known.Choice.Count)
        .All(i => model.Curves.All[i] is not { } curve || curve.Options[known.Choice[i]] is null
            || curve.Fitted.ContainsKey(known.Choice[i]));
}

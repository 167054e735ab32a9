using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Peers;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Surveys;

/// <summary>
/// Our own representations: codes with one, two and the default number of taps, every metric alone, every metric
/// followed by codes.
/// </summary>
internal static class OwnCandidates
{
    /// <summary>
    /// Encoding time per weight and transition of the trellis, in seconds; for sharing out the progress only.
    /// </summary>
    private const double SecondsPerTransition = 1.5e-9;

    private const double PassesOfCodes = 12;

    /// <summary>
    /// A hybrid fits its metric twice, and codes after it: each metric gets this part of the time of one alone.
    /// </summary>
    private const double HybridShare = 1.0 / 3;

    /// <summary>Beyond 2^12 transitions a weight the encoder takes longer than all the rest together.</summary>
    private const int MaxTransitionBits = 12;

    private const double MinBandBits = 0.25;

    private static readonly int[] CodeBits = [2, 3, 4, 5, 6, 8];

    /// <summary>Everything to be run.</summary>
    public static IEnumerable<Candidate> Of(
        PeerMatrix matrix, SurveyOptions options, IWorkers workers, SurveyClock clock)
    {
        List<Plan> plans = options.Codes
            ? [
                .. options.Rates.SelectMany(rate => Codes(matrix, rate)).DistinctBy(plan => plan.Name),
                .. options.Rates.Select(rate => Bands(matrix, rate)).OfType<Plan>()]
            : [];
        List<Plan> metrics = [
            .. options.Rates.SelectMany(
                rate => MetricsAt(matrix, options, rate).Concat(HybridsAt(matrix, options, rate)))];
        clock.Expect(metrics.Count);
        double seconds = SurveyBudget.SecondsPerMetric(options, metrics.Count);
        plans.AddRange(metrics.Select(plan => plan.Within(seconds)));
        FitOptions fit = new() { Seed = options.Seed, Workers = workers };
        return plans.Select(plan => Make(matrix, plan, fit, clock));
    }

    /// <summary>The most bits that have room, with row scales where these have room too.</summary>
    private static IEnumerable<Plan> Codes(PeerMatrix matrix, double rate)
    {
        foreach ((string family, Func<int, int> tapsOf) in ((string, Func<int, int>)[])[
            ("codes, most taps", DefaultTaps.Of), ("codes, 2 taps", _ => 2), ("codes, 1 tap", _ => 1)])
        {
            UniformCodesPlan[] configurations =
            [
                .. CodeBits
                    .Where(bits => bits * tapsOf(bits) <= MaxTransitionBits || tapsOf(bits) == 1)
                    .SelectMany(bits => ((RowScales[])[RowScales.Never, RowScales.WhereTheyPay])
                        .Select(
                            scales => new UniformCodesPlan { Bits = bits, Taps = tapsOf(bits), RowScales = scales })),
            ];
            UniformCodesPlan? chosen = RateWindow.Widest(
                rate,
                configurations,
                c => PerWeight(
                    matrix,
                    PlannedSizes.Codes(matrix.Rows, matrix.Columns, c.Bits, c.Taps, c.RowScales != RowScales.Never)));
            if (chosen is not null)
            {
                double encoding = SecondsPerTransition * PassesOfCodes * matrix.Values.Length
                    * (1 << (chosen.Bits * chosen.Taps));
                yield return new Plan(family, Codebook.Describe(chosen.Bits, chosen.Taps), rate, chosen)
                    with { Seconds = Math.Max(1, encoding) };
            }
        }
    }

    /// <summary>
    /// Bands of as many bits as scales and tables leave; null where that is next to nothing, or more than bands have.
    /// </summary>
    private static Plan? Bands(PeerMatrix matrix, double rate)
    {
        const string Family = "codes in bands";
        double bits = rate - PerWeight(matrix, PlannedSizes.BandsWithoutCodes(matrix.Rows, matrix.Columns));
        return bits is >= MinBandBits and <= MixedCodesPlan.MaxBits
            ? new Plan(Family, Family, rate, new MixedCodesPlan { Bits = bits })
            : null;
    }

    private static IEnumerable<Plan> MetricsAt(PeerMatrix matrix, SurveyOptions options, double rate)
    {
        foreach (MetricPlan metric in options.Metrics)
        {
            MetricPlan sized = metric;
            if (metric.StateDim == 0)
            {
                double bytes = rate * matrix.Values.Length / 8;
                sized = metric with
                {
                    StateDim = PlannedSizes.LargestStateDim(metric, matrix.Rows, matrix.Columns, bytes),
                };
            }
            else if (RateOf(matrix, options, metric.PackedBytes(matrix.Rows, matrix.Columns)) != rate)
            {
                continue;
            }

            if (sized.StateDim > 0)
            {
                yield return new Plan(metric.Kind, metric.Kind, rate, sized) { Metric = sized };
            }
        }
    }

    /// <summary>The widest codes that leave room for a metric, and the largest metric in this room.</summary>
    private static IEnumerable<Plan> HybridsAt(PeerMatrix matrix, SurveyOptions options, double rate)
    {
        foreach (MetricPlan metric in options.Metrics)
        {
            foreach (int bits in CodeBits.Where(bits => bits < rate).Reverse())
            {
                int taps = DefaultTaps.Of(bits);
                double codes =
                    PerWeight(matrix, PlannedSizes.Codes(matrix.Rows, matrix.Columns, bits, taps, rowScales: true));
                if (Sized(matrix, metric, rate + RateWindow.Above - codes) is { } sized)
                {
                    string family = $"{metric.Kind} + codes";
                    UniformCodesPlan plan = new() { Bits = bits, Taps = taps, Metric = sized };
                    yield return new Plan(family, family, rate, plan) { Metric = sized };
                    break;
                }
            }
        }
    }

    /// <summary>
    /// The largest metric of at most so many bits, or the chosen one where it is no larger; else null.
    /// </summary>
    private static MetricPlan? Sized(PeerMatrix matrix, MetricPlan metric, double bits)
    {
        if (metric.StateDim == 0)
        {
            return HybridSizes.Largest(matrix.Rows, matrix.Columns, metric, bits);
        }

        return PerWeight(matrix, metric.PackedBytes(matrix.Rows, matrix.Columns)) <= bits ? metric : null;
    }

    /// <summary>
    /// The lowest rate that given bytes fit, or the highest there is: where a size that the user chose is listed.
    /// </summary>
    private static double RateOf(PeerMatrix matrix, SurveyOptions options, long bytes) =>
        options.Rates.Where(rate => PerWeight(matrix, bytes) <= rate + RateWindow.Above)
            .DefaultIfEmpty(options.Rates.Max())
            .Min();

    private static double PerWeight(PeerMatrix matrix, long bytes) => 8.0 * bytes / matrix.Values.Length;

    private static Candidate Make(PeerMatrix matrix, Plan plan, FitOptions options, SurveyClock clock) => new(
        plan.Family,
        plan.Name,
        Own: true,
        plan.Rate,
        plan.Seconds,
        (progress, cancellation) => Run(
            matrix, plan, options with { TimeLimit = plan.Metric is null ? 0 : clock.Next() * plan.MetricShare },
            progress, cancellation));

    private static CandidateResult Run(
        PeerMatrix matrix, Plan plan, FitOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        FitResult result =
            WeightFitter.Fit(matrix.Values, matrix.Rows, matrix.Columns, plan.Fit, options, progress, cancellation);
        if (result.Weight is not { } weight)
        {
            return new CandidateResult(null, 0, 0, plan.Name, "not representable");
        }

        float[] values = WeightDecoder.Dense(weight);
        string status = result.Status == FitStatus.Converged ? "converged" : "budget spent";
        string name = plan.Metric is { } metric && weight.Find<MetricTerm>() is null
            ? $"{weight.Describe()} ({metric.Kind} does not pay)"
            : weight.Describe();
        return new CandidateResult(values, weight.StoredBytes, weight.StoredNumbers, name, status);
    }

    /// <summary>What to fit for one row.</summary>
    private sealed record Plan(string Family, string Name, double Rate, WeightPlan Fit)
    {
        /// <summary>The metric, alone or in front of codes.</summary>
        public MetricPlan? Metric { get; init; }

        /// <summary>About what the fit takes, for sharing out the progress.</summary>
        public double Seconds { get; init; } = 1;

        /// <summary>Of the time for a row, what each fit of a metric may take.</summary>
        public double MetricShare => Fit is UniformCodesPlan ? HybridShare : 1;

        /// <summary>The same with a budget for the metric.</summary>
        public Plan Within(double seconds)
        {
            MetricPlan metric = Metric! with { Seconds = seconds };
            return this with
            {
                Seconds = seconds,
                Metric = metric,
                Fit = Fit is UniformCodesPlan codes ? codes with { Metric = metric } : metric,
            };
        }
    }
}

using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Terms;
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
        options = options with { Fit = options.Fit with { Workers = workers } };
        List<Plan> plans = [
            .. options.Rates.SelectMany(rate => Codes(matrix, options, rate))
                .DistinctBy(plan => (plan.Fit.Bits, plan.Fit.Taps))];
        plans.AddRange(
            options.Method is FitMethod.Auto or FitMethod.Codes
                ? options.Rates.Select(rate => Bands(matrix, options, rate)).OfType<Plan>()
                : []);
        List<Plan> metrics = [
            .. options.Rates.SelectMany(
                rate => MetricsAt(matrix, options, rate).Concat(HybridsAt(matrix, options, rate)))];
        clock.Expect(metrics.Count);
        double seconds = SurveyBudget.SecondsPerMetric(options, metrics.Count);
        plans.AddRange(metrics.Select(plan => plan with { Fit = plan.Fit with { MetricSeconds = seconds } }));
        return plans.Select(plan => Make(matrix, plan, clock));
    }

    /// <summary>The most bits that have room, with row scales where these have room too.</summary>
    private static IEnumerable<Plan> Codes(PeerMatrix matrix, SurveyOptions options, double rate)
    {
        if (options.Method is not (FitMethod.Auto or FitMethod.Codes))
        {
            yield break;
        }

        foreach ((string family, Func<int, int> tapsOf) in ((string, Func<int, int>)[])[
            ("codes, most taps", FitOptions.DefaultTaps), ("codes, 2 taps", _ => 2), ("codes, 1 tap", _ => 1)])
        {
            FitOptions[] configurations =
            [
                .. CodeBits
                    .Where(bits => bits * tapsOf(bits) <= MaxTransitionBits || tapsOf(bits) == 1)
                    .SelectMany(bits => ((RowScales[])[RowScales.Never, RowScales.WhereTheyPay])
                        .Select(
                            scales => options.Fit
                                with { Method = FitMethod.Codes, Bits = bits, Taps = tapsOf(bits),
                                    RowScales = scales })),
            ];
            FitOptions? chosen = RateWindow.Widest(
                rate,
                configurations,
                c => PerWeight(
                    matrix,
                    PlannedSizes.Codes(matrix.Rows, matrix.Columns, c.Bits, c.Taps, c.RowScales != RowScales.Never)));
            if (chosen is not null)
            {
                yield return new Plan(family, OwnText.Codes(chosen.Bits, chosen.Taps), rate, chosen);
            }
        }
    }

    /// <summary>
    /// Bands of as many bits as scales and tables leave; null where that is next to nothing, or more than bands have.
    /// </summary>
    private static Plan? Bands(PeerMatrix matrix, SurveyOptions options, double rate)
    {
        double bits = rate - PerWeight(matrix, PlannedSizes.BandsWithoutCodes(matrix.Rows, matrix.Columns));
        return bits is >= MinBandBits and <= FitOptions.MaxBandBits
            ? new Plan(
                "codes in bands",
                OwnText.Bands,
                rate,
                options.Fit with { Method = FitMethod.Codes, BandBits = bits, Taps = 0 })
            : null;
    }

    private static IEnumerable<Plan> MetricsAt(PeerMatrix matrix, SurveyOptions options, double rate)
    {
        foreach (FitMethod method in Methods(options))
        {
            string name = OwnText.Metric(MetricFitters.For(method)!.Name);
            double bytes = rate * matrix.Values.Length / 8;
            int d = options.Fit.StateDim;
            if (d == 0)
            {
                d = PlannedSizes.LargestStateDim(method, matrix.Rows, matrix.Columns, bytes, options.Fit);
            }
            else if (RateOf(
                matrix, options, PlannedSizes.Metric(method, matrix.Rows, matrix.Columns, d, options.Fit)) != rate)
            {
                continue;
            }

            if (d > 0)
            {
                yield return new Plan(name, name, rate, options.Fit with { Method = method, StateDim = d });
            }
        }
    }

    /// <summary>The widest codes that leave room for a metric, and the largest metric in this room.</summary>
    private static IEnumerable<Plan> HybridsAt(PeerMatrix matrix, SurveyOptions options, double rate)
    {
        foreach (FitMethod method in Methods(options))
        {
            foreach (int bits in CodeBits.Where(bits => bits < rate).Reverse())
            {
                FitOptions fit = options.Fit
                    with { Method = method, Residual = true, Bits = bits, Taps = FitOptions.DefaultTaps(bits) };
                double codes =
                    PerWeight(matrix, PlannedSizes.Codes(matrix.Rows, matrix.Columns, bits, fit.Taps, rowScales: true));
                FitOptions? sized = Sized(matrix, fit, rate + RateWindow.Above - codes);
                if (sized is not null)
                {
                    string family = $"{OwnText.Metric(MetricFitters.For(method)!.Name)} + codes";
                    yield return new Plan(family, family, rate, sized);
                    break;
                }
            }
        }
    }

    /// <summary>
    /// The largest metric of at most so many bits, or the chosen one where it is no larger; else null.
    /// </summary>
    private static FitOptions? Sized(PeerMatrix matrix, FitOptions fit, double bits) =>
        fit.StateDim == 0 ? HybridSizes.Largest(matrix.Rows, matrix.Columns, fit, bits)
        : PerWeight(matrix, PlannedSizes.Metric(fit.Method, matrix.Rows, matrix.Columns, fit.StateDim, fit)) <= bits
            ? fit
        : null;

    private static IEnumerable<FitMethod> Methods(SurveyOptions options) =>
        MetricFitters.Methods.Where(method => options.Method is FitMethod.Auto || options.Method == method);

    /// <summary>
    /// The lowest rate that given bytes fit, or the highest there is: where a size that the user chose is listed.
    /// </summary>
    private static double RateOf(PeerMatrix matrix, SurveyOptions options, long bytes) =>
        options.Rates.Where(rate => PerWeight(matrix, bytes) <= rate + RateWindow.Above)
            .DefaultIfEmpty(options.Rates.Max())
            .Min();

    private static double PerWeight(PeerMatrix matrix, long bytes) => 8.0 * bytes / matrix.Values.Length;

    private static Candidate Make(PeerMatrix matrix, Plan plan, SurveyClock clock)
    {
        bool metric = plan.Fit.Method != FitMethod.Codes;
        double encoding = Math.Max(
            1, SecondsPerTransition * PassesOfCodes * matrix.Values.Length * (1 << (plan.Fit.Bits * plan.Fit.Taps)));
        return new Candidate(
            plan.Family,
            plan.Name,
            Own: true,
            plan.Rate,
            metric ? plan.Fit.MetricSeconds : encoding,
            (progress, cancellation) => Run(matrix, plan, metric ? clock.Next() : 0, progress, cancellation));
    }

    private static CandidateResult Run(
        PeerMatrix matrix, Plan plan, double seconds, IProgress<double> progress, CancellationToken cancellation)
    {
        FitOptions fit = plan.Fit with { TimeLimit = plan.Fit.Residual ? HybridShare * seconds : seconds };
        FitResult result = WeightFitter.Fit(matrix.Values, matrix.Rows, matrix.Columns, fit, progress, cancellation);
        if (result.Weight is not { } weight)
        {
            return new CandidateResult(null, 0, 0, plan.Name, "not representable");
        }

        float[] values = new float[matrix.Values.Length];
        new WeightDecoder(weight).Decode(values);
        string status = result.Status == FitStatus.Converged ? "converged" : "budget spent";
        string name = plan.Fit.Residual && weight.Find<MetricTerm>() is null
            ? $"{OwnText.Of(weight)} ({OwnText.Metric(MetricFitters.For(fit.Method)!.Name)} does not pay)"
            : OwnText.Of(weight);
        return new CandidateResult(values, weight.StoredBytes, OwnText.Parameters(weight), name, status);
    }

    /// <summary>What to fit for one row.</summary>
    private sealed record Plan(string Family, string Name, double Rate, FitOptions Fit);
}

using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Surveys;

/// <summary>Our own representations: codes with one, two and the default number of taps, every metric alone, every metric followed by codes.</summary>
internal static class OwnCandidates
{
    /// <summary>Encoding time per weight and transition of the trellis, in seconds; for sharing out the progress only.</summary>
    private const double SecondsPerTransition = 1.5e-9;

    private const double PassesOfCodes = 12;

    /// <summary>Beyond 2^12 transitions a weight the encoder takes longer than all the rest together.</summary>
    private const int MostTransitionBits = 12;

    private static readonly int[] CodeBits = [2, 3, 4, 5, 6, 8];

    /// <summary>The metrics by the name of their method.</summary>
    private static readonly (FitMethod Method, string Kind)[] Metrics =
    [
        (FitMethod.Riem, MetricKinds.Riem),
        (FitMethod.DynL1, MetricKinds.DynL1),
        (FitMethod.DynL2, MetricKinds.DynL2),
        (FitMethod.DynInverseL2, MetricKinds.DynInverseL2),
    ];

    /// <summary>Everything to be run.</summary>
    public static IEnumerable<Candidate> Of(PeerMatrix matrix, SurveyOptions options)
    {
        List<Plan> plans = [.. options.Rates.SelectMany(rate => Codes(matrix, options, rate)).DistinctBy(plan => (plan.Fit.Bits, plan.Fit.Taps))];
        List<Plan> metrics = [.. options.Rates.SelectMany(rate => MetricsAt(matrix, options, rate))];
        double seconds = SurveyBudget.SecondsPerMetric(options.TimeLimit, metrics.Count);
        plans.AddRange(metrics.Select(plan => plan with { Fit = plan.Fit with { MetricSeconds = seconds } }));
        return plans.Select(plan => Make(matrix, plan));
    }

    /// <summary>The most bits that have room, with row scales where these have room too.</summary>
    private static IEnumerable<Plan> Codes(PeerMatrix matrix, SurveyOptions options, double rate)
    {
        if (options.Method is not (FitMethod.Auto or FitMethod.Codes))
        {
            yield break;
        }

        foreach ((string family, Func<int, int> tapsOf) in ((string, Func<int, int>)[])[("codes, most taps", FitOptions.DefaultTaps), ("codes, 2 taps", _ => 2), ("codes, 1 tap", _ => 1)])
        {
            FitOptions[] configurations =
            [
                .. CodeBits
                    .Where(bits => bits * tapsOf(bits) <= MostTransitionBits || tapsOf(bits) == 1)
                    .SelectMany(bits => ((RowScales[])[RowScales.Never, RowScales.WhereTheyPay])
                        .Select(scales => options.Fit with { Method = FitMethod.Codes, Bits = bits, Taps = tapsOf(bits), RowScales = scales })),
            ];
            FitOptions? chosen = RateWindow.Widest(rate, configurations, c => PerWeight(matrix, PlannedSizes.Codes(matrix.Rows, matrix.Columns, c.Bits, c.Taps, c.RowScales != RowScales.Never)));
            if (chosen is not null)
            {
                yield return new Plan(family, OwnText.Codes(chosen.Bits, chosen.Taps), rate, chosen);
            }
        }
    }

    private static IEnumerable<Plan> MetricsAt(PeerMatrix matrix, SurveyOptions options, double rate)
    {
        foreach ((FitMethod method, string kind) in Metrics.Where(metric => options.Method is FitMethod.Auto || options.Method == metric.Method))
        {
            double bytes = rate * matrix.Values.Length / 8;
            int d = options.Fit.StateDim;
            if (d == 0)
            {
                d = PlannedSizes.LargestStateDim(method, matrix.Rows, matrix.Columns, bytes, options.Fit);
            }
            else if (RateOf(matrix, options, PlannedSizes.Metric(method, matrix.Rows, matrix.Columns, d, options.Fit)) != rate)
            {
                continue;
            }

            if (d > 0)
            {
                yield return new Plan(OwnText.Metric(kind), OwnText.Metric(kind), rate, options.Fit with { Method = method, StateDim = d });
            }
        }
    }

    /// <summary>The lowest rate that given bytes fit, or the highest there is: where a size that the user chose is listed.</summary>
    private static double RateOf(PeerMatrix matrix, SurveyOptions options, long bytes) =>
        options.Rates.Where(rate => PerWeight(matrix, bytes) <= rate + RateWindow.Above).DefaultIfEmpty(options.Rates.Max()).Min();

    private static double PerWeight(PeerMatrix matrix, long bytes) => 8.0 * bytes / matrix.Values.Length;

    private static Candidate Make(PeerMatrix matrix, Plan plan)
    {
        bool metric = plan.Fit.Method != FitMethod.Codes;
        double encoding = Math.Max(1, SecondsPerTransition * PassesOfCodes * matrix.Values.Length * (1 << (plan.Fit.Bits * plan.Fit.Taps)));
        return new Candidate(
            plan.Family,
            plan.Name,
            Own: true,
            plan.Rate,
            metric ? plan.Fit.MetricSeconds : encoding,
            (progress, cancellation) => Run(matrix, plan, progress, cancellation));
    }

    private static CandidateResult Run(PeerMatrix matrix, Plan plan, IProgress<double> progress, CancellationToken cancellation)
    {
        FitResult result = WeightFitter.Fit(matrix.Values, matrix.Rows, matrix.Columns, plan.Fit, progress, cancellation);
        if (result.Weight is not { } weight)
        {
            return new CandidateResult(null, 0, 0, plan.Name, "not representable");
        }

        float[] values = new float[matrix.Values.Length];
        new WeightDecoder(weight).Decode(values);
        string status = result.Status == FitStatus.Converged ? "converged" : "budget spent";
        return new CandidateResult(values, weight.StoredBytes, OwnText.Parameters(weight), OwnText.Of(weight), status);
    }

    /// <summary>What to fit for one row.</summary>
    private sealed record Plan(string Family, string Name, double Rate, FitOptions Fit);
}

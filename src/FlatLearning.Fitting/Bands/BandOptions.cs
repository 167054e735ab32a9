using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// The part of a weight's rate-distortion curve that bands make: for each start, with common tables and with its own, a
/// plan at every price of a bit on a ladder.
/// </summary>
internal static class BandOptions
{
    /// <summary>
    /// From one rung of the ladder to the next a bit costs this factor, the sixteenth root of two: about a
    /// thirty-second of a bit per weight, so that models of one large weight meet a size closely too.
    /// </summary>
    private const double Rung = 1.0442737824274138;

    /// <summary>Rungs below the first plan with codes.</summary>
    private const int Rungs = 224;

    /// <summary>Tables of a weight's own must lower its losses by this share at some width to be looked at.</summary>
    private const double MinGain = 0.02;

    /// <summary>Scales with so many times the energy of what they scale are joined by others.</summary>
    private const double Excess = 1.05;

    /// <summary>
    /// With so many times it they are left out: what a width loses then differs from place to place, and plans are
    /// wrong.
    /// </summary>
    private const double TooMuch = 1.3;

    /// <summary>
    /// The same behind a metric, whose scales are those of what an earlier round left: most of the difference is one
    /// factor everywhere.
    /// </summary>
    private const double TooMuchBehindMetric = 4;

    /// <summary>
    /// The starts for bands: those for codes of one width, with scales from energies beside or instead of scales that
    /// misrepresent the weight.
    /// </summary>
    public static IEnumerable<CodesStart> Starts(MetricTarget target, IReadOnlyList<CodesStart> starts)
    {
        foreach (CodesStart start in starts)
        {
            float[]? rest = start.Field is null ? null : start.Rest(target);
            ReadOnlySpan<float> values = rest ?? target.Values.Span;
            double energy = 0;
            foreach (float value in values)
            {
                energy += (double)value * value;
            }

            double excess = energy > 0 ? start.Scales.Energy(target.Rows) / energy : 1;
            Scales? other = excess > Excess && start.Metric is null
                ? Scales.FromEnergies(rest is null ? target.Values : rest, target.Rows, target.Columns, target.Workers)
                : null;
            if (excess < (start.Metric is null ? TooMuch : TooMuchBehindMetric))
            {
                yield return start;
            }

            if (other is not null)
            {
                yield return new CodesStart(other);
            }
        }
    }

    /// <summary>Measures the options of one start.</summary>
    /// <param name="target">W and H.</param>
    /// <param name="start">Scales with or without rows, and a metric with its values or none.</param>
    /// <param name="options">Seed of the fit.</param>
    /// <param name="sampleWeights">About how many weights are encoded to find out what every width loses.</param>
    /// <param name="rounds">The most rounds of training tables.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    public static IEnumerable<PlanOption> Measure(
        MetricTarget target, CodesStart start, FitOptions options, int sampleWeights, int rounds,
        CancellationToken cancellation)
    {
        BandField field = new(target, start, BandFitter.GroupWidth(target.Columns));
        BandSample sample = new(field, sampleWeights, target.Workers);
        BandErrors common = sample.Common(cancellation);
        BandErrors own = sample.Trained(rounds, cancellation);
        bool worthwhile = own.Shares.Zip(common.Shares)
            .Any(pair => pair.First.Sum() < (1 - MinGain) * pair.Second.Sum());
        CodesStart kept = start with { Field = null };
        foreach (BandErrors errors in worthwhile ? (BandErrors[])[common, own] : [common])
        {
            BandPlanner planner = new(field, errors, target.Workers);
            double price = planner.HighestPrice;
            long before = -1;
            for (int rung = 0; rung < Rungs; rung++, price /= Rung)
            {
                cancellation.ThrowIfCancellationRequested();
                BandPlan plan = planner.At(price);
                if (plan.CodeBits != before && plan.CodeBits > 0)
                {
                    MeasuredMixedCodes measured =
                        new(kept, field.RowScale, field.ColumnScale, field.GroupWidth, plan, errors);
                    yield return new PlanOption(
                        target, options, measured, measured.Bytes, plan.Error, plan.PlainError);
                }

                before = plan.CodeBits;
            }
        }
    }
}

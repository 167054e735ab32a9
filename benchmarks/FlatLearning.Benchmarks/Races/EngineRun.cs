using FlatLearning.Fitting.Metrics;
using System.Diagnostics;
using FlatLearning.Benchmarks.Published;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Fitting;

namespace FlatLearning.Benchmarks.Races;

/// <summary>One fit of the engine from nothing: what it was asked for and what it took.</summary>
/// <param name="Budget">Seconds that the fit was given, in the fitter's own count of operations.</param>
/// <param name="Time">What it took.</param>
/// <param name="Error">Published measure of the stored representation.</param>
/// <param name="BitsPerWeight">Every stored byte counted.</param>
/// <param name="Status">How the fit ended.</param>
internal sealed record EngineRun(double Budget, RaceClock Time, double Error, double BitsPerWeight, string Status)
{
    public static EngineRun Measure(MatrixWeight weight, RiemPlan plan, FitOptions options)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        FitResult result = WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, plan, options);
        RaceClock time =
            new(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        if (result.Weight is null)
        {
            return new EngineRun(
                plan.Seconds, time, double.NaN, double.NaN, $"{result.Status}: {result.Reason}");
        }

        // The slow decoder: the error is that of what is stored, not of a fast path.
        float[] decoded = [.. ReferenceDecoder.Decode(result.Weight).Select(value => (float)value)];
        return new EngineRun(
            plan.Seconds,
            time,
            PublishedError.Of(weight.Values, decoded),
            result.Weight.BitsPerWeight,
            result.Status.ToString());
    }
}

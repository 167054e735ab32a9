using System.Globalization;
using System.Diagnostics;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// <c>plan-error --models DIR [--min-size S] [--effort E] [--match NAME]</c>: weight error (squared error of all MatMul
/// and Gemm weights of a model over their energy) of plans of at most 4, 3 and 2 stored bits per weight against the
/// best data-free format of others that stores up to half a bit more; their ratio is to be 0.80, 0.55 and 0.40. Where
/// the smallest plan stores more than was asked for, that plan is shown and counts in no mean. Formats with blocks
/// store a little more than their nominal bits on small weights (<see cref="PeerError.NominalBits"/>), for which the
/// rule passes over some; a second ratio is to the best format of nominally so many bits, whatever it stores.
/// </summary>
internal static class PlanErrorCommand
{
    private const double PeerExtraBits = 0.5;

    private static readonly double[] Rates = [4, 3, 2];

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        PlanRequest request = new() {
            Effort = Enum.Parse<FitEffort>(options.Text("--effort", nameof(FitEffort.Default)), ignoreCase: true) };
        Console.WriteLine(
            "| model | asked | plan's bits | predicted error | error | best peer | its bits | its error | ratio | "
                + "best nominal peer | its bits | its error | ratio | s "
                + "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        Dictionary<double, List<(double Stored, double Nominal)>> ratios =
            Rates.ToDictionary(rate => rate, _ => new List<(double, double)>());
        foreach ((string name, List<MatrixWeight> weights) in WeightErrorCommand.Models(
            options.Required("--models"), options.Number("--min-size", 8192)))
        {
            if (!name.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
            {
                continue;
            }

            Stopwatch watch = Stopwatch.StartNew();
            double[] energies = [.. weights.Select(weight => weight.Values.Sum(value => (double)value * value))];
            IReadOnlyList<PlanOption>[] curves = [
                .. weights.AsParallel()
                    .AsOrdered()
                    .Select(
                        weight => Undominated(
                            CurveEstimator.Measure(weight.Values, weight.Rows, weight.Columns, request)))];
            long common = curves.SelectMany(curve => curve).Max(option => option.CommonBytes);
            Allocator allocator = new(
                [.. curves.Select(
                    (curve, i) => curve.Select(option => (option.Bytes, option.Error * energies[i])).ToArray())]);
            List<PeerError> peers = PeerErrors.Of(weights, Rates.Select(rate => rate + PeerExtraBits));
            double elements = weights.Sum(weight => (double)weight.Values.Length);
            foreach (double rate in Rates)
            {
                Allocation plan = allocator.Within((long)(rate * elements / 8) - common);
                FitResult[] fits = [
                    .. weights.AsParallel()
                        .AsOrdered()
                        .Select((weight, i) => curves[i][plan.Choice[i]].Fit(weight.Values))];
                double bits = 8
                    * (fits.Select((fit, i) => fit.Weight!.StoredBytes - curves[i][plan.Choice[i]].CommonBytes).Sum()
                        + curves.Select((curve, i) => curve[plan.Choice[i]].CommonBytes).Max()) / elements;
                double error = fits.Select((fit, i) => fit.Error * energies[i]).Sum() / energies.Sum();
                PeerError peer = peers.Where(one => one.Bits <= rate + PeerExtraBits).MinBy(one => one.Error)!;
                PeerError nominal =
                    peers.Where(one => one.NominalBits <= rate + PeerExtraBits).MinBy(one => one.Error)!;
                if (bits <= rate)
                {
                    ratios[rate].Add((error / peer.Error, error / nominal.Error));
                }

                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {rate:0.0} | {bits:0.000}{(bits <= rate ? string.Empty : " (smallest)")} | "
                        + $"{plan.Loss / energies.Sum():0.00000} | {error:0.00000} | {peer.Name} | "
                        + $"{peer.Bits:0.000} | {peer.Error:0.00000} | {error / peer.Error:0.00} | {nominal.Name} | "
                        + $"{nominal.Bits:0.000} | {nominal.Error:0.00000} | {error / nominal.Error:0.00} | "
                        + $"{watch.Elapsed.TotalSeconds:0.0} |"));
                watch.Restart();
            }
        }

        foreach (double rate in Rates)
        {
            string mean = ratios[rate].Count > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ratios[rate].Average(ratio => ratio.Stored):0.000}, to nominal bits "
                        + $"{ratios[rate].Average(ratio => ratio.Nominal):0.000},")
                : "none";
            Console.WriteLine(FormattableString.Invariant(
                $"\n{rate:0.0} bits: mean ratio {mean} over {ratios[rate].Count} models whose plan meets the rate"));
        }

        return 0;
    }

    /// <summary>Without those that another beats in bytes and error.</summary>
    private static IReadOnlyList<PlanOption> Undominated(IReadOnlyList<PlanOption> curve)
    {
        List<PlanOption> kept = [];
        foreach (PlanOption option in curve.OrderBy(option => option.Bytes).ThenBy(option => option.Error))
        {
            if (kept.Count == 0 || option.Error < kept[^1].Error)
            {
                kept.Add(option);
            }
        }

        return kept;
    }
}

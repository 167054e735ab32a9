using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;
using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Tests.Threads;

/// <summary>Every kind of fit and measurement, as all the bytes that it gives.</summary>
internal static class ThreadCases
{
    // Not a multiple of any block, and enough for several of each.
    private const int Rows = 210;
    private const int Columns = 150;

    private static readonly Dictionary<string, Func<IWorkers, byte[]>> Cases = new()
    {
        ["codes of 4 bits"] = Fit(new UniformCodesPlan { Bits = 4 }),
        ["codes of 2 bits, five taps"] = Fit(new UniformCodesPlan { Bits = 2, Taps = 5 }),
        ["codes of 8 bits"] = Fit(new UniformCodesPlan { Bits = 8 }),
        ["codes, diagonal H"] = Fit(new UniformCodesPlan { Bits = 3 }, Diagonal()),
        ["codes, full H"] = Fit(new UniformCodesPlan { Bits = 3 }, Full()),
        ["bands"] = Fit(new MixedCodesPlan { Bits = 2.7 }),
        ["bands, diagonal H"] = Fit(new MixedCodesPlan { Bits = 2.7 }, Diagonal()),
        ["bands, full H"] = Fit(new MixedCodesPlan { Bits = 2.7 }, Full()),
        ["entropy coded"] = Fit(EntropyCodesPlan.AtStep(0.3)),
        ["entropy coded, full H"] =
            Fit(EntropyCodesPlan.AtStep(0.3), Full()),
        ["entropy coded, of some bits"] =
            Fit(EntropyCodesPlan.Within(2.5) with { Metric = new RiemPlan { Seconds = 0.02 } }),
        ["riem"] = Fit(TestPlans.Metric(MetricKinds.Riem, 3, 0.05)),
        ["riem, full H"] =
            Fit(TestPlans.Metric(MetricKinds.Riem, 3, 0.05), Full()),
        ["dyn-l1"] = Fit(TestPlans.Metric(MetricKinds.DynL1, 3, 0.05)),
        ["dyn-l2"] = Fit(TestPlans.Metric(MetricKinds.DynL2, 3, 0.05)),
        ["dyn-l2, full H"] =
            Fit(TestPlans.Metric(MetricKinds.DynL2, 3, 0.05), Full()),
        ["dyn-il2"] = Fit(TestPlans.Metric(MetricKinds.DynInverseL2, 3, 0.05)),
        ["riem + codes"] =
            Fit(new UniformCodesPlan { Bits = 3, Metric = TestPlans.Metric(MetricKinds.Riem, 3, 0.05) }),
        ["best of all within bits"] = Fit(new AutoPlan
        {
            BitsPerWeight = 3,
            Metrics = [.. MetricPlans.All.Select(metric => metric with { Seconds = 0.02 })],
        }),
        ["curve"] = Curve(new() { Effort = FitEffort.Fast }),
        ["curve, diagonal H"] = Curve(new() { Metrics = false, Hessian = Diagonal() }),
        ["curve, full H"] = Curve(new() { Metrics = false, Hessian = Full() }),
        ["curve, entropy coded"] = Curve(new() { Metrics = false, Coded = true }),
    };

    public static IEnumerable<string> Names => Cases.Keys;

    public static byte[] Run(string name, IWorkers workers) => Cases[name](workers);

    private static float[] Weight => Samples.LowRank(Rows, Columns, 3, 0.4f);

    private static Func<IWorkers, byte[]> Fit(WeightPlan plan, Hessian? hessian = null) => workers =>
    {
        FitOptions options = new() { Hessian = hessian ?? Hessian.Identity, Workers = workers };
        FitResult fit = WeightFitter.Fit(Weight, Rows, Columns, plan, options);
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(fit.Error);
        writer.Write(fit.WeightedError);
        foreach (ConstantTensor tensor in DynWeightWriter.Write(fit.Weight!).Inputs.Values)
        {
            writer.Write(tensor.Bytes.Span);
        }

        writer.Flush();
        return stream.ToArray();
    };

    private static Func<IWorkers, byte[]> Curve(PlanRequest request) => workers =>
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        foreach (PlanOption option in CurveEstimator.Measure(
            Weight, Rows, Columns, request with { Workers = workers }))
        {
            writer.Write(option.Bytes);
            writer.Write(option.Error);
            writer.Write(option.PlainError);
        }

        writer.Flush();
        return stream.ToArray();
    };

    private static Hessian Diagonal() =>
        Hessian.Diagonal([.. TableTrainer.Gaussian(Rows, 9).Select(x => 0.1 + ((double)x * x))]);

    private static Hessian Full()
    {
        double[] h = new double[Rows * Rows];
        for (int i = 0; i < h.Length; i++)
        {
            h[i] = Math.Pow(0.7, Math.Abs((i / Rows) - (i % Rows)));
        }

        return Hessian.Full(h, Rows);
    }
}

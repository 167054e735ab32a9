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

    // For what tries many representations.
    private const int FewRows = 90;
    private const int FewColumns = 70;

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
            Fit(
                EntropyCodesPlan.Within(2.5) with { Metric = new RiemPlan { Seconds = 0.02 } },
                null,
                FewRows,
                FewColumns),
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
        ["best of all within bits"] = Fit(
            new AutoPlan
            {
                BitsPerWeight = 3,
                Metrics = [.. MetricPlans.All.Select(metric => metric with { Seconds = 0.01 })],
            },
            null,
            FewRows,
            FewColumns),
        ["curve"] = Curve(new() { Effort = FitEffort.Fast }),
        ["curve, diagonal H"] = Curve(new() { Effort = FitEffort.Fast, Hessian = Diagonal() }),
        ["curve, full H"] = Curve(new() { Effort = FitEffort.Fast, Hessian = Full(FewRows) }, FewRows, FewColumns),
        ["curve, entropy coded"] = Curve(new() { Effort = FitEffort.Fast, Coded = true }),
    };

    public static IEnumerable<string> Names => Cases.Keys;

    public static byte[] Run(string name, IWorkers workers) => Cases[name](workers);

    private static float[] Weight(int rows, int columns) => Samples.LowRank(rows, columns, 3, 0.4f);

    private static Func<IWorkers, byte[]> Fit(
        WeightPlan plan, Hessian? hessian = null, int rows = Rows, int columns = Columns) => workers =>
    {
        FitOptions options = new() { Hessian = hessian ?? Hessian.Identity, Workers = workers };
        FitResult fit = WeightFitter.Fit(Weight(rows, columns), rows, columns, plan, options);
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

    private static Func<IWorkers, byte[]> Curve(PlanRequest request, int rows = Rows, int columns = Columns) =>
        workers =>
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        foreach (PlanOption option in CurveEstimator.Measure(
            Weight(rows, columns), rows, columns, request with { Workers = workers }))
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

    private static Hessian Full(int rows = Rows)
    {
        double[] h = new double[rows * rows];
        for (int i = 0; i < h.Length; i++)
        {
            h[i] = Math.Pow(0.7, Math.Abs((i / rows) - (i % rows)));
        }

        return Hessian.Full(h, rows);
    }
}

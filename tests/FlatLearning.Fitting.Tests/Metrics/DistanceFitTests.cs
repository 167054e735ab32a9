using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Metrics.Distances;

namespace FlatLearning.Fitting.Tests.Metrics;

public class DistanceFitTests
{
    private static readonly string[] Methods = [MetricKinds.DynL2, MetricKinds.DynInverseL2];

    public static TheoryData<string> Kinds => [.. Methods];

    /// <summary>
    /// Heads of d coordinates contain d - 1 singular pairs and the means of rows and columns: near the noise, a share
    /// of 0.04 / (4 + 0.04).
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_LowRankWeight_ExplainsNearlyAllOfIt(string method)
    {
        float[] w = Samples.LowRank(64, 80, 4, 0.2f);
        FitResult result =
            WeightFitter.Fit(w, 64, 80, TestPlans.Metric(method, stateDim: 3, seconds: 2));
        Assert.True(result.Error < 0.02, $"{result.Error}");
    }

    /// <summary>The weight is a metric of the kind itself, between points that lie on no grid.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_MetricWeight_IsFoundAgain(string method)
    {
        Random random = new(5);
        double[] p = [.. Enumerable.Range(0, 60 * 3).Select(_ => random.NextDouble())];
        double[] q = [.. Enumerable.Range(0, 50 * 3).Select(_ => 0.8 + random.NextDouble())];
        float[] w = new float[60 * 50];
        for (int i = 0; i < w.Length; i++)
        {
            double square = 0.01;
            for (int j = 0; j < 3; j++)
            {
                square += Math.Pow(p[(i / 50 * 3) + j] - q[(i % 50 * 3) + j], 2);
            }

            w[i] = (float)(method == MetricKinds.DynL2 ? 2 * Math.Sqrt(square) : 1 / Math.Sqrt(square)) - 1;
        }

        FitResult result =
            WeightFitter.Fit(w, 60, 50, TestPlans.Metric(method, stateDim: 3, seconds: 3, heads: 1));
        double mean = w.Average();
        double spread = w.Sum(x => (x - mean) * (x - mean)) / w.Sum(x => (double)x * x);
        Assert.True(result.Error < 0.01 * spread, $"{result.Error} of a spread of {spread}");
    }

    /// <summary>States are fitted on their grid: rounding to few bits costs less than the bits alone would.</summary>
    [Theory]
    [InlineData(MetricKinds.DynL2, 3, 0.30)]
    [InlineData(MetricKinds.DynL2, 4, 0.13)]
    [InlineData(MetricKinds.DynL2, 6, 0.02)]
    [InlineData(MetricKinds.DynInverseL2, 3, 0.30)]
    [InlineData(MetricKinds.DynInverseL2, 4, 0.13)]
    [InlineData(MetricKinds.DynInverseL2, 6, 0.02)]
    public void Fit_FewStateBits_StaysNearTheFitOfEight(string method, int bits, double max)
    {
        float[] w = Samples.LowRank(96, 128, 4, 0.2f);
        MetricPlan plan = TestPlans.Metric(method, stateDim: 3, seconds: 2);
        double eight = WeightFitter.Fit(w, 96, 128, plan).Error;
        double few = WeightFitter.Fit(w, 96, 128, plan with { StateBits = bits }).Error;
        Assert.True(few - eight < max, $"{few} after {eight}");
        Assert.True(few >= eight * 0.9, $"{few} after {eight}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_AnyNumberOfThreads_GivesTheSameBytes(string method)
    {
        float[] w = Samples.LowRank(50, 70, 5, 0.5f);
        MetricPlan plan = TestPlans.Metric(method, stateDim: 3, seconds: 0.05, stateBits: 5);
        byte[] alone = Samples.Bytes(WeightFitter.Fit(w, 50, 70, plan).Weight!);
        byte[][] crowded = new byte[6][];
        Parallel.For(0, crowded.Length, i => crowded[i] = Samples.Bytes(WeightFitter.Fit(w, 50, 70, plan).Weight!));
        Assert.All(crowded, bytes => Assert.Equal(alone, bytes));
    }

    /// <summary>
    /// Rows that count a hundred times more are fitted better than without their weight, and the whole weighted error
    /// is lower.
    /// </summary>
    [Theory]
    [InlineData(MetricKinds.DynL2, false)]
    [InlineData(MetricKinds.DynInverseL2, false)]
    [InlineData(MetricKinds.DynL2, true)]
    [InlineData(MetricKinds.DynInverseL2, true)]
    public void Fit_WeightedErrors_LowersTheWeightedError(string method, bool full)
    {
        const int Rows = 40;
        const int Columns = 48;
        float[] w = Samples.LowRank(Rows, Columns, 10, 0.3f);
        Hessian weight = Weight(Rows, full);
        MetricPlan plan = TestPlans.Metric(method, stateDim: 2, seconds: 1);
        MetricFit weighted = plan.FitMetric(new MetricTarget(w, Rows, Columns, weight), new FitOptions());
        MetricFit plain = plan.FitMetric(new MetricTarget(w, Rows, Columns, Hessian.Identity), new FitOptions());
        double expected = RelativeError.Of(weighted.Metric, new MetricTarget(w, Rows, Columns, weight));
        Assert.Equal(expected, weighted.Error, 1e-12);
        double unweighted = RelativeError.Of(plain.Metric, new MetricTarget(w, Rows, Columns, weight));
        Assert.True(weighted.Error < 0.95 * unweighted, $"{weighted.Error} against {unweighted}");
    }

    [Fact]
    public void Fit_HeadTooLargeForItsBits_IsRefusedWithOneSentence()
    {
        MetricTarget target = new(new float[16], 4, 4, Hessian.Identity);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => TestPlans.Metric(MetricKinds.DynL2, stateDim: 300).FitMetric(target, new FitOptions()));
        Assert.Contains("2^24", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        MetricTarget target = new(Samples.Gaussian(40, 40), 40, 40, Hessian.Identity);
        Assert.ThrowsAny<OperationCanceledException>(
            () => TestPlans.Metric(MetricKinds.DynL2, stateDim: 3).FitMetric(
                target, new FitOptions(), null, source.Token));
    }

    /// <summary>
    /// Stored numbers: offsets and softenings whole, parameters at 16 bits for weights of ordinary size.
    /// </summary>
    [Fact]
    public void Fit_InverseDistances_StoresWholeSofteningsAtSixteenBits()
    {
        float[] w = Samples.LowRank(40, 50, 4, 0.3f);
        DynInverseL2Metric metric = Assert.IsType<DynInverseL2Metric>(
            WeightFitter.Fit(
                w,
                40,
                50,
                new DynPlan(MetricKinds.DynInverseL2) { StateDim = 4, Seconds = 0.2 }).Weight!.Metric);
        Assert.True(metric.Softening(0) >= 1 && float.IsInteger(metric.Softening(0)));
        Assert.Equal(Dyn.ParameterType.Float16, metric.Parameters.Type);
        Assert.Equal(Dyn.ParameterType.Float16, metric.States.Range.Type);
    }

    private static Hessian Weight(int rows, bool full)
    {
        double[] diagonal = [.. Enumerable.Range(0, rows).Select(k => k % 4 == 0 ? 10.0 : 0.1)];
        if (!full)
        {
            return Hessian.Diagonal(diagonal);
        }

        // Second moments of inputs that all follow one common input: correlated rows.
        double[] h = new double[rows * rows];
        for (int i = 0; i < h.Length; i++)
        {
            (int a, int b) = (i / rows, i % rows);
            h[i] = Math.Sqrt(diagonal[a] * diagonal[b]) * (a == b ? 1 : 0.8);
        }

        return Hessian.Full(h, rows);
    }
}

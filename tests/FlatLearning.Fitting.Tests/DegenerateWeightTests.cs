using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Tests;

public class DegenerateWeightTests
{
    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> data = [];
        foreach (string name in new[] { "zero", "one-value", "constant", "rank-one", "row", "column", "single",
            "huge-range", "tiny", "huge", "zero-rows", "zero-columns", "identity", "extreme-diagonal" })
        {
            foreach (string method in new[] { TestPlans.Codes, MetricKinds.Riem, MetricKinds.DynL1, MetricKinds.DynL2,
                MetricKinds.DynInverseL2 })
            {
                data.Add(name, method);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_DegenerateWeight_GivesFiniteNumbersNoWorseThanZero(string name, string method)
    {
        (float[] w, int rows, int columns) = Make(name);
        foreach (int bits in method == TestPlans.Codes ? new[] { 2, 3, 4, 5, 6, 8 } : [4])
        {
            FitResult result = WeightFitter.Fit(
                w, rows, columns, TestPlans.Of(method, bits, seconds: 0.02));
            Assert.True(
                result.Status is FitStatus.Converged or FitStatus.BudgetSpent, $"{result.Status} {result.Reason}");
            Assert.All(ReferenceDecoder.Decode(result.Weight!), value => Assert.True(float.IsFinite((float)value)));
            Assert.True(result.Error <= 1.0001, $"{bits} bits: {result.Error}");
            Assert.True(result.Error >= 0);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_DegenerateWeightWithResidualAndFullErrorWeight_GivesFiniteNumbersNoWorseThanZero(
        string name, string method)
    {
        (float[] w, int rows, int columns) = Make(name);
        double[] h = [
            .. Enumerable.Range(0, rows * rows).Select(i => Math.Pow(0.5, Math.Abs((i / rows) - (i % rows))))];
        foreach (Hessian weight in new[] { Hessian.Identity, Hessian.Full(h, rows) })
        {
            FitResult result = WeightFitter.Fit(
                w,
                rows,
                columns,
                new UniformCodesPlan
                {
                    Bits = 3,
                    Metric = method == TestPlans.Codes ? null : TestPlans.Metric(method, seconds: 0.02),
                },
                new FitOptions { Hessian = weight });
            Assert.True(
                result.Status is FitStatus.Converged or FitStatus.BudgetSpent, $"{result.Status} {result.Reason}");
            Assert.All(ReferenceDecoder.Decode(result.Weight!), value => Assert.True(float.IsFinite((float)value)));
            Assert.InRange(result.WeightedError, 0, 1.0001);
            Assert.True(double.IsFinite(result.Error), $"{result.Error}");
        }
    }

    [Theory]
    [InlineData("zero")]
    [InlineData("one-value")]
    [InlineData("constant")]
    [InlineData("rank-one")]
    [InlineData("row")]
    [InlineData("column")]
    [InlineData("single")]
    [InlineData("huge-range")]
    [InlineData("tiny")]
    [InlineData("huge")]
    [InlineData("zero-rows")]
    [InlineData("zero-columns")]
    [InlineData("identity")]
    [InlineData("extreme-diagonal")]
    public void Fit_DegenerateWeightInBands_GivesFiniteNumbersNoWorseThanZero(string name)
    {
        (float[] w, int rows, int columns) = Make(name);
        foreach (double bits in (double[])[0.5, 2, 3.7, 6])
        {
            FitResult result =
                WeightFitter.Fit(w, rows, columns, new MixedCodesPlan { Bits = bits });
            Assert.All(ReferenceDecoder.Decode(result.Weight!), value => Assert.True(float.IsFinite((float)value)));
            Assert.True(result.Error is >= 0 and <= 1.0001, $"{bits} bits: {result.Error}");
        }
    }

    /// <summary>
    /// Weights that scales alone explain: what is left is the rounding of scales and tables to 16 bits.
    /// </summary>
    [Theory]
    [InlineData("one-value")]
    [InlineData("constant")]
    [InlineData("single")]
    [InlineData("row")]
    [InlineData("column")]
    [InlineData("zero-columns")]
    public void Fit_ExplainedByScalesOrFewCodes_IsNearlyExact(string name)
    {
        (float[] w, int rows, int columns) = Make(name);
        FitResult result = WeightFitter.Fit(w, rows, columns, new UniformCodesPlan { Bits = 6 });
        Assert.True(result.Error < 1e-3, $"{result.Error}");
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e-12f)]
    [InlineData(1e12f)]
    [InlineData(1e30f)]
    public void Fit_AnyMagnitude_HasTheErrorOfTheUnitWeight(float magnitude)
    {
        float[] w = Samples.Gaussian(96, 64);
        double unit = WeightFitter.Fit(w, 96, 64, new UniformCodesPlan()).Error;
        float[] scaled = Array.ConvertAll(w, value => value * magnitude);
        double error = WeightFitter.Fit(scaled, 96, 64, new UniformCodesPlan()).Error;
        Assert.InRange(error, 0.97 * unit, 1.03 * unit);
    }

    private static (float[] W, int Rows, int Columns) Make(string name) => name switch
    {
        "zero" => (new float[20 * 24], 20, 24),
        "one-value" => ([.. Enumerable.Range(0, 20 * 24).Select(i => i == 77 ? 3f : 0f)], 20, 24),
        "constant" => ([.. Enumerable.Repeat(-0.37f, 20 * 24)], 20, 24),
        "rank-one" => (Samples.LowRank(30, 20, 1, 0), 30, 20),
        "row" => (TableTrainer.Gaussian(300, 1), 1, 300),
        "column" => ([.. Enumerable.Range(0, 300).Select(k => k % 5 - 2f)], 300, 1),
        "single" => ([0.123f], 1, 1),
        "huge-range" =>
            (
                [.. TableTrainer.Gaussian(24 * 30, 1)
                    .Select((x, i) => x * MathF.Pow(10, (i * 61 % 61) - 30 + (i * 7 % 60)))],
                24,
                30),
        "tiny" => ([.. TableTrainer.Gaussian(24 * 30, 1).Select(x => x * 1e-38f)], 24, 30),
        "huge" => ([.. TableTrainer.Gaussian(24 * 30, 1).Select(x => x * 1e37f)], 24, 30),
        "zero-rows" => ([.. TableTrainer.Gaussian(24 * 30, 1).Select((x, i) => i / 30 % 3 == 0 ? 0 : x)], 24, 30),
        "zero-columns" =>
            (
                [.. Enumerable.Range(0, 24 * 30).Select(i => i % 30 % 3 == 0 ? 0f : (i / 30 & 1) == 0 ? 1f : -1f)],
                24,
                30),
        "identity" => ([.. Enumerable.Range(0, 32 * 32).Select(i => i / 32 == i % 32 ? 1f : 0f)], 32, 32),
        "extreme-diagonal" =>
            (
                [.. Enumerable.Range(0, 32 * 32).Select(i => i / 32 == i % 32 ? MathF.Pow(10, (i % 32 * 2) - 30) : 0f)],
                32,
                32),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}

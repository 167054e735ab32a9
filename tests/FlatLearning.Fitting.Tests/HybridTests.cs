using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Hybrids;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Tests;

public class HybridTests
{
    private static UniformCodesPlan Quick(string kind, int stateBits = 4) =>
        new() { Bits = 3, Metric = TestPlans.Metric(kind, stateBits: stateBits, seconds: 0.2) };

    [Theory]
    [InlineData(MetricKinds.Riem, 3)]
    [InlineData(MetricKinds.DynL1, 8)]
    public void Fit_Structured_HasMetricAndCodesAndMuchLessError(string method, int stateBits)
    {
        float[] w = Samples.LowRank(96, 120, 2, 0.15f);
        FitResult hybrid = WeightFitter.Fit(w, 96, 120, Quick(method, stateBits));
        FitResult codes = WeightFitter.Fit(w, 96, 120, new UniformCodesPlan { Bits = 3 });
        Assert.NotNull(hybrid.Weight!.Metric);
        Assert.NotNull(hybrid.Weight!.Codes);
        Assert.Equal(stateBits, hybrid.Weight!.Metric!.States.Bits);
        Assert.True(hybrid.Error < 0.6 * codes.Error, $"{hybrid.Error} against {codes.Error}");
    }

    [Theory]
    [InlineData(MetricKinds.Riem)]
    [InlineData(MetricKinds.DynL1)]
    public void Fit_AnyMatrix_IsNoWorseThanItsCodesAlone(string method)
    {
        foreach (float[] w in new[] { Samples.Gaussian(40, 48), Samples.LowRank(40, 48, 1, 0.05f),
            Array.ConvertAll(Samples.Gaussian(40, 48), MathF.Sign).Select(x => (float)x).ToArray() })
        {
            FitResult hybrid = WeightFitter.Fit(w, 40, 48, Quick(method));
            FitResult codes = WeightFitter.Fit(w, 40, 48, new UniformCodesPlan { Bits = 3 });
            Assert.True(hybrid.Error <= codes.Error, $"{hybrid.Error} against {codes.Error}");
        }
    }

    [Theory]
    [InlineData(MetricKinds.Riem)]
    [InlineData(MetricKinds.DynL1)]
    public void Fit_Hybrid_DecodesFastAsTheReferenceDoes(string method)
    {
        float[] w = Samples.LowRank(70, 90, 2, 0.2f);
        DynWeight weight = WeightFitter.Fit(w, 70, 90, Quick(method)).Weight!;
        Assert.NotNull(weight.Metric);
        double[] expected = ReferenceDecoder.Decode(weight);
        float[] decoded = new float[w.Length];
        new WeightDecoder(weight).Decode(decoded);

        // Some dozen float32 roundings of terms no larger than a few times the largest weight; in a metric that
        // imitates products the terms are larger than what they sum up to.
        double scale = weight.RowScale!.Values.Max(Math.Abs) * weight.ColumnScale!.Values.Max(Math.Abs);
        double largest = (10 * expected.Max(Math.Abs)) + (scale * weight.Metric!.Parameters.Values.Sum(Math.Abs));
        for (int i = 0; i < decoded.Length; i++)
        {
            Assert.True(Math.Abs(decoded[i] - expected[i]) <= 1e-6 * largest, $"{decoded[i]} against {expected[i]}");
        }
    }

    [Theory]
    [InlineData(1.2, false)]
    [InlineData(2.6, true)]
    [InlineData(3.6, true)]
    [InlineData(8.5, true)]
    public void Auto_NumberOfBits_IsKeptAndUsed(double bits, bool codes)
    {
        float[] w = Samples.LowRank(96, 120, 2, 0.2f);
        FitResult result =
            WeightFitter.Fit(w, 96, 120, Auto(bits, seconds: 0.05));
        Assert.True(result.Weight!.BitsPerWeight <= bits, $"{result.Weight.BitsPerWeight}");
        Assert.Equal(codes, result.Weight.Codes is not null);
        Assert.True(result.Error < 0.5, $"{result.Error}");
    }

    [Fact]
    public void Auto_RoomForAMetric_IsBetterThanTheCodesThatFit()
    {
        float[] w = Samples.LowRank(96, 120, 2, 0.15f);
        FitResult auto =
            WeightFitter.Fit(w, 96, 120, Auto(3.8));
        FitResult codes = WeightFitter.Fit(w, 96, 120, new UniformCodesPlan { Bits = 3 });
        Assert.True(codes.Weight!.BitsPerWeight <= 3.8);
        Assert.True(auto.Error < 0.6 * codes.Error, $"{auto.Error} against {codes.Error}");
    }

    [Fact]
    public void Auto_NothingFits_SaysSo()
    {
        FitResult result = WeightFitter.Fit(Samples.Gaussian(8, 8), 8, 8, new AutoPlan { BitsPerWeight = 0.1 });
        Assert.Equal(FitStatus.NotRepresentable, result.Status);
        Assert.Contains("0.1 bits per weight", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(24)]
    public void Unexplained_KnownSpectrum_IsFoundToAPercent(int directions)
    {
        // Energies 1, 1/4, 1/9, ... along coordinate axes.
        float[] x = new float[40 * 50];
        double total = 0;
        for (int i = 0; i < 40; i++)
        {
            x[(i * 50) + i] = 1f / (i + 1);
            total += 1.0 / ((i + 1) * (i + 1));
        }

        double[] left = SpectrumEstimate.Unexplained(
            new MetricTarget(x, 40, 50, Hessian.Identity), [.. Enumerable.Repeat(1.0, 40)]);
        double expected = total - Enumerable.Range(1, directions).Sum(i => 1.0 / (i * i));
        Assert.InRange(left[directions], expected - (0.01 * total), expected + (0.01 * total));
        Assert.Equal(total, left[0], 5);
    }

    private static AutoPlan Auto(double bits, double seconds = 0.2) => new()
    {
        BitsPerWeight = bits,
        Metrics = [.. MetricPlans.All.Select(metric => metric with { StateBits = 4, Seconds = seconds })],
    };
}

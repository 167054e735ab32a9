using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Tests;

public class WeightFitterTests
{
    /// <summary>Both sides are sums in double precision of the same stored numbers, in another order.</summary>
    private const double Rounding = 1e-9;

    public static TheoryData<string, int> Methods => new()
    {
        { TestPlans.Codes, 2 }, { TestPlans.Codes, 3 }, { TestPlans.Codes, 4 }, { TestPlans.Codes, 5 },
            { TestPlans.Codes, 6 },
        { TestPlans.Codes, 8 }, { MetricKinds.Riem, 4 }, { MetricKinds.DynL1, 4 },
            { MetricKinds.DynL2, 4 }, { MetricKinds.DynInverseL2, 4 },
    };

    /// <summary>
    /// Twenty percent above what the default taps reach on a long unit Gaussian (benchmarks, fit-speed); row scales
    /// bring a little.
    /// </summary>
    [Theory]
    [InlineData(2, 0.0945)]
    [InlineData(3, 0.0247)]
    [InlineData(4, 0.0069)]
    [InlineData(5, 0.0020)]
    [InlineData(6, 0.00051)]
    [InlineData(8, 0.00006)]
    public void Fit_GaussianWeight_HasTheErrorOfItsBits(int bits, double largest)
    {
        float[] w = Samples.Gaussian(200, 170);
        FitResult result = WeightFitter.Fit(w, 200, 170, new UniformCodesPlan { Bits = bits });
        Assert.True(result.Error < largest, $"{result.Error}");
        Assert.Equal(bits, result.Weight!.Codes!.Layout.Bits);
    }

    /// <summary>
    /// The facts of the design page for unit Gaussians, with the sampling error of 40,000 weights and 16-bit tables on
    /// top.
    /// </summary>
    [Theory]
    [InlineData(4, 2, 0.0064)]
    [InlineData(4, 3, 0.0058)]
    [InlineData(3, 2, 0.0260)]
    [InlineData(3, 3, 0.0232)]
    [InlineData(2, 3, 0.0895)]
    [InlineData(2, 5, 0.0822)]
    public void Fit_GaussianWeight_ReachesTheDesignPagesErrors(int bits, int taps, double expected)
    {
        float[] w = Samples.Gaussian(400, 100, seed: 3);
        FitResult result = WeightFitter.Fit(
            w,
            400,
            100,
            new UniformCodesPlan { Bits = bits, Taps = taps, RowScales = RowScales.Never });
        Assert.True(result.Error < expected * 1.03, $"{result.Error} against {expected}");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Fit_AnyMethod_ReportsTheErrorThatTheReferenceDecoderHas(string method, int bits)
    {
        float[] w = Samples.LowRank(70, 45, 3, 0.3f);
        FitResult result = WeightFitter.Fit(w, 70, 45, Quick(method, bits));
        double recomputed = Samples.RelativeError(result.Weight!, w);
        Assert.InRange(result.Error, recomputed * (1 - Rounding), recomputed * (1 + Rounding));
        Assert.True(result.Error < 0.5, $"{result.Error}");
        Assert.Null(result.Reason);
        Assert.NotEmpty(result.Representation);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Fit_AnyMethod_CountsEveryByteOfEveryPart(string method, int bits)
    {
        DynWeight weight = WeightFitter.Fit(Samples.Gaussian(48, 40), 48, 40, Quick(method, bits)).Weight!;
        long bytes = (weight.Codes?.Bytes.Length ?? 0) + (weight.Metric?.States.Rows.Bytes.Length ?? 0)
            + (weight.Metric?.States.Columns.Bytes.Length ?? 0);
        foreach (ParameterTensor? tensor in new[] { weight.RowScale, weight.ColumnScale, weight.Codebook?.Table,
            weight.Metric?.Parameters, weight.Metric?.States.Range })
        {
            bytes += tensor is null ? 0 : tensor.Values.Length * (tensor.Type == ParameterType.Float16 ? 2 : 4);
        }

        Assert.Equal(bytes, weight.StoredBytes);
        Assert.Equal(8.0 * bytes / (48 * 40), weight.BitsPerWeight, 12);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Fit_SameSeed_GivesTheSameBytesAloneAndBesideOthers(string method, int bits)
    {
        float[] w = Samples.LowRank(50, 33, 2, 0.5f);
        byte[] expected = Samples.Bytes(WeightFitter.Fit(w, 50, 33, Quick(method, bits)).Weight!);
        byte[][] others = new byte[4][];
        Parallel.For(
            0, others.Length, i => others[i] = Samples.Bytes(WeightFitter.Fit(w, 50, 33, Quick(method, bits)).Weight!));
        Assert.All(others, bytes => Assert.Equal(expected, bytes));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Fit_NotFinite_SaysWhere(float bad)
    {
        float[] w = Samples.Gaussian(4, 5);
        w[13] = bad;
        FitResult result = WeightFitter.Fit(w, 4, 5, new UniformCodesPlan());
        Assert.Equal(FitStatus.NotFinite, result.Status);
        Assert.Null(result.Weight);
        Assert.Contains("row 2, column 3", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Fit_Cancelled_Throws(string method, int bits)
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => WeightFitter.Fit(Samples.Gaussian(40, 40), 40, 40, Quick(method, bits), null, null, source.Token));
    }

    [Fact]
    public void Fit_Progress_RisesToOne()
    {
        List<double> shares = [];
        _ = WeightFitter.Fit(Samples.Gaussian(64, 64), 64, 64, new UniformCodesPlan(), null, new Collector(shares));
        Assert.Equal(1.0, shares[^1]);
        Assert.Equal(shares.Order(), shares);
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(4, 6)]
    [InlineData(8, 3)]
    public void Fit_OptionsOutOfRange_AreRefused(int bits, int taps) =>
        Assert.Throws<ArgumentException>(
            () => WeightFitter.Fit(new float[4], 2, 2, new UniformCodesPlan { Bits = bits, Taps = taps }));

    [Fact]
    public void Fit_ShapeAndLengthDisagree_IsRefused() =>
        Assert.Throws<ArgumentException>(() => WeightFitter.Fit(new float[5], 2, 2, new UniformCodesPlan()));

    [Fact]
    public void Fit_RowsOfVeryDifferentSize_GetScales()
    {
        float[] w = Samples.Gaussian(64, 512);
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= MathF.Exp(i / 512 % 7);
        }

        FitResult with = WeightFitter.Fit(w, 64, 512, new UniformCodesPlan());
        FitResult without = WeightFitter.Fit(w, 64, 512, new UniformCodesPlan { RowScales = RowScales.Never });
        Assert.NotNull(with.Weight!.RowScale);
        Assert.Null(without.Weight!.RowScale);
        Assert.True(with.Error < 0.7 * without.Error, $"{with.Error} against {without.Error}");
    }

    private static WeightPlan Quick(string method, int bits) => TestPlans.Of(method, bits, stateDim: 4, seconds: 0.05);

    private sealed class Collector(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}

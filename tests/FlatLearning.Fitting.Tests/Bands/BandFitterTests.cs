using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Tests.Bands;

public sealed class BandFitterTests
{
    /// <summary>What the encoder adds up in double precision against the reference decoder.</summary>
    private const double Rounding = 1e-6;

    [Theory]
    [InlineData(64, 172, 3.0)]
    [InlineData(100, 48, 4.5)]
    [InlineData(257, 64, 2.0)]
    [InlineData(3, 300, 3.5)]
    [InlineData(300, 3, 3.5)]
    public void Fit_AnyShape_ReportsTheErrorAndKeepsToTheBits(int rows, int columns, double bits)
    {
        float[] w = Uneven(rows, columns);
        FitResult fit =
            WeightFitter.Fit(w, rows, columns, new MixedCodesPlan { Bits = bits });
        Assert.True(
            Math.Abs(fit.Error - Error(w, fit.Weight!)) <= Rounding * (1 + fit.Error),
            $"{fit.Error} against {Error(w, fit.Weight!)}");
        Assert.True(
            8.0 * fit.Weight!.Bands!.ByteLength <= bits * w.Length,
            $"{8.0 * fit.Weight!.Bands!.ByteLength / w.Length}");
        Assert.Equal(ParameterType.Log8, fit.Weight!.RowScale!.Type);

        // Three columns fill three eighths of a group.
        double used = columns < 8 ? bits * columns / 8 : bits;
        Assert.True(fit.Error < Math.Pow(4, -used) * 4, $"{fit.Error}");
    }

    /// <summary>
    /// Half of the columns sixteen times as strong: codes of one width spend as much on the weak half.
    /// </summary>
    [Fact]
    public void Fit_UnevenWeight_BeatsCodesOfOneWidthInFewerBytes()
    {
        float[] w = Samples.Gaussian(256, 256);
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= (i % 256 < 128 ? 16 : 1) * (i / 256 % 3 == 0 ? 4 : 1);
        }

        FitResult bands = WeightFitter.Fit(w, 256, 256, new MixedCodesPlan { Bits = 3 });
        FitResult codes = WeightFitter.Fit(w, 256, 256, new UniformCodesPlan { Bits = 4 });
        Assert.True(
            bands.Error < 0.6 * codes.Error && bands.Weight!.StoredBytes < codes.Weight!.StoredBytes,
            $"{bands.Error} and {codes.Error}");
    }

    [Fact]
    public void Fit_DiagonalErrorWeight_LowersTheWeightedError()
    {
        float[] w = Uneven(128, 96);
        Hessian weight = Hessian.Diagonal([.. Enumerable.Range(0, 128).Select(k => k % 4 == 0 ? 20.0 : 0.1)]);
        MixedCodesPlan plan = new() { Bits = 2.5 };
        FitResult weighted = WeightFitter.Fit(w, 128, 96, plan, new FitOptions { Hessian = weight });
        double plain = TargetErrorOf(w, WeightFitter.Fit(w, 128, 96, plan).Weight!, weight);
        Assert.True(
            Math.Abs(weighted.WeightedError - TargetErrorOf(w, weighted.Weight!, weight)) < 1e-5,
            $"{weighted.WeightedError}");
        Assert.True(weighted.WeightedError < plain, $"{weighted.WeightedError} against {plain} without");
    }

    [Fact]
    public void Fit_FullErrorWeight_ReportsItsError()
    {
        float[] w = Uneven(48, 40);
        double[] h = [.. Enumerable.Range(0, 48 * 48).Select(i => Math.Pow(0.6, Math.Abs((i / 48) - (i % 48))))];
        Hessian weight = Hessian.Full(h, 48);
        FitResult fit =
            WeightFitter.Fit(w, 48, 40, new MixedCodesPlan { Bits = 3 }, new FitOptions { Hessian = weight });
        Assert.True(Math.Abs(fit.WeightedError - TargetErrorOf(w, fit.Weight!, weight)) < 1e-5, $"{fit.WeightedError}");
    }

    /// <summary>Inputs that follow each other closely: later rows make up for most of what earlier ones lose.</summary>
    [Theory]
    [InlineData(1.5)]
    [InlineData(3)]
    [InlineData(4.5)]
    public void Fit_CorrelatedInputs_LosesMuchLessThanWithoutFeedback(double bits)
    {
        float[] w = Uneven(96, 64);
        double[] h = [.. Enumerable.Range(0, 96 * 96).Select(i => Math.Pow(0.9, Math.Abs((i / 96) - (i % 96))))];
        Hessian weight = Hessian.Full(h, 96);
        MixedCodesPlan plan = new() { Bits = bits };
        FitResult feedback = WeightFitter.Fit(w, 96, 64, plan, new FitOptions { Hessian = weight });
        double without = TargetErrorOf(w, WeightFitter.Fit(w, 96, 64, plan).Weight!, weight);
        Assert.True(feedback.WeightedError < 0.5 * without, $"{feedback.WeightedError} against {without}");
    }

    [Fact]
    public void Fit_Twice_IsTheSameBytes()
    {
        float[] w = Uneven(90, 70);
        MixedCodesPlan plan = new() { Bits = 3.25 };
        DynWeight one = WeightFitter.Fit(w, 90, 70, plan).Weight!;
        DynWeight two = WeightFitter.Fit(w, 90, 70, plan).Weight!;
        Assert.Equal(ReferenceDecoder.Decode(one), ReferenceDecoder.Decode(two));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(6.5)]
    [InlineData(double.NaN)]
    public void Fit_BitsOutOfRange_Throws(double bits) =>
        Assert.Throws<ArgumentException>(
            () => WeightFitter.Fit(new float[64], 8, 8, new MixedCodesPlan { Bits = bits }));

    private static float[] Uneven(int rows, int columns)
    {
        float[] w = Samples.Gaussian(rows, columns);
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= 0.01f * (1 + (i / columns % 5)) * (1 + (i % columns % 3));
        }

        return w;
    }

    private static double Error(float[] w, DynWeight weight) => TargetErrorOf(w, weight, Hessian.Identity);

    private static double TargetErrorOf(float[] w, DynWeight weight, Hessian h)
    {
        double[] decoded = ReferenceDecoder.Decode(weight);
        double[] dense = Array.ConvertAll(w, value => (double)value);
        double[] difference = [.. dense.Zip(decoded, (a, b) => a - b)];
        return h.Energy(difference, weight.Columns) / h.Energy(dense, weight.Columns);
    }
}

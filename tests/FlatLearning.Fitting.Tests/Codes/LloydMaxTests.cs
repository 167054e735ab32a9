using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Tests.Codes;

public class LloydMaxTests
{
    /// <summary>Sampling error of 400,000 numbers and the stop at a relative gain of 1e-5.</summary>
    private const double Tolerance = 0.015;

    /// <summary>Errors of the optimal quantisers of a unit Gaussian, Max 1960, table I.</summary>
    [Theory]
    [InlineData(2, 0.3634)]
    [InlineData(4, 0.1175)]
    [InlineData(8, 0.03454)]
    [InlineData(16, 0.009497)]
    [InlineData(32, 0.002499)]
    public void Fit_GaussianSample_ReachesMaxsErrors(int levels, double expected)
    {
        double[] values = Array.ConvertAll(TableTrainer.Gaussian(400_000, seed: 9), value => (double)value);
        double[] weights = new double[values.Length];
        Array.Fill(weights, 1.0);
        double[] table = LloydMax.Fit(values, weights, levels, out double error);
        Assert.InRange(error / values.Length, expected * (1 - Tolerance), expected * (1 + Tolerance));
        Assert.True(table.Zip(table.Skip(1)).All(pair => pair.First < pair.Second), "levels must ascend");
    }

    [Fact]
    public void Fit_FewerDistinctValuesThanLevels_IsExact()
    {
        double[] values = [3, 3, -1, 5, -1, 3];
        double[] weights = [1, 2, 1, 1, 1, 1];
        double[] table = LloydMax.Fit(values, weights, 16, out double error);
        Assert.True(error < 1e-12);
        Assert.All(new[] { -1.0, 3.0, 5.0 }, value => Assert.Contains(table, level => Math.Abs(level - value) < 1e-12));
    }

    [Fact]
    public void Fit_Weights_PullLevelsToHeavyValues()
    {
        double[] values = [0, 1, 10, 11];
        double[] weights = [1, 3, 3, 1];
        double[] table = LloydMax.Fit(values, weights, 2, out double error);
        Assert.Equal([0.75, 10.25], table, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.True(Math.Abs(error - 1.5) < 1e-12);
    }

    [Fact]
    public void ScalarEncoder_AnyTable_FindsTheNearestLevel()
    {
        float[] table = TableTrainer.Gaussian(64, seed: 2);
        ScalarEncoder encoder = new(table);
        foreach (float value in TableTrainer.Gaussian(2000, seed: 3))
        {
            float found = Math.Abs(table[encoder.Encode(value)] - value);
            float min = table.Min(level => Math.Abs(level - value));
            Assert.True(found <= min + 1e-6f, $"{value}: {found} against {min}");
        }
    }
}

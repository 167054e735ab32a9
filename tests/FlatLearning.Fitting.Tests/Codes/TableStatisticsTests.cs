using FlatLearning.Fitting.Codes;
using FlatLearning.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatLearning.Fitting.Tests.Codes;

public class TableStatisticsTests
{
    /// <summary>The pull to the previous tables, 1e-6 of the mean diagonal, and float32 tables.</summary>
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    public void Solve_RandomCodes_HasTheErrorOfDenseLeastSquares(int bits, int taps)
    {
        const int Rows = 900;
        Random random = new(1);
        float[] x = TableTrainer.Gaussian(Rows, seed: 8);
        byte[] codes = new byte[Rows];
        random.NextBytes(codes);
        float[] weights = new float[Rows];
        for (int k = 0; k < Rows; k++)
        {
            codes[k] &= (byte)((1 << bits) - 1);
            weights[k] = 0.1f + (float)random.NextDouble();
        }

        TableStatistics statistics = new(bits, taps);
        statistics.Add(codes, x, 0, 1, weights, 2.5);
        AdditiveTables solved = statistics.Solve(new AdditiveTables(bits, taps, new float[taps << bits]));

        Matrix<double> design = Matrix<double>.Build.Dense(Rows, taps << bits);
        Vector<double> right = Vector<double>.Build.Dense(Rows);
        for (int k = 0; k < Rows; k++)
        {
            double root = Math.Sqrt(weights[k]);
            right[k] = root * x[k];
            for (int t = 0; t < taps && t <= k; t++)
            {
                design[k, (t << bits) + codes[k - t]] = root;
            }
        }

        double min = (right - (design * (design.PseudoInverse() * right))).L2Norm();
        double found = 0;
        for (int k = 0; k < Rows; k++)
        {
            double difference = x[k] - solved.Sum(codes, k, 0, 1);
            found += weights[k] * difference * difference;
        }

        Assert.InRange(Math.Sqrt(found), min * (1 - 1e-9), min * (1 + Tolerance));
    }

    [Fact]
    public void Solve_NothingAdded_KeepsTheTables()
    {
        AdditiveTables tables = new(2, 2, [1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Same(tables, new TableStatistics(2, 2).Solve(tables));
    }

    [Fact]
    public void Cholesky_PositiveDefinite_SolvesLikeMathNet()
    {
        Matrix<double> root = Matrix<double>.Build.Random(30, 40, 1);
        Matrix<double> a = root * root.Transpose();
        Vector<double> b = Vector<double>.Build.Random(30, 2);
        double[] matrix = a.ToRowMajorArray();
        double[] x = b.ToArray();
        Assert.True(Cholesky.Solve(matrix, x));
        double distance = (Vector<double>.Build.Dense(x) - a.Solve(b)).L2Norm();
        Assert.True(distance < 1e-8 * a.Solve(b).L2Norm());
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Cholesky_NotPositiveDefinite_SaysSo(double corner) =>
        Assert.False(Cholesky.Solve([1, 0, 0, corner], [1, 1]));
}

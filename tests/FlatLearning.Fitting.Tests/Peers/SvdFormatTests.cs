using FlatLearning.Fitting.Peers;
using MathNet.Numerics.LinearAlgebra;

namespace FlatLearning.Fitting.Tests.Peers;

public class SvdFormatTests
{
    [Theory]
    [InlineData(40, 25)]
    [InlineData(25, 40)]
    [InlineData(1, 30)]
    [InlineData(30, 1)]
    public void SingularValues_AnyShape_AreThoseOfTheDirectDecomposition(int rows, int columns)
    {
        float[] w = Samples.Gaussian(rows, columns);
        Matrix<double> matrix = Matrix<double>.Build.Dense(rows, columns, (k, n) => w[(k * columns) + n]);
        double[] expected = [.. matrix.Svd(computeVectors: false).S];
        SingularValues values = SingularValues.Of(w, rows, columns);
        Assert.Equal(expected.Length, values.Rank);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], Math.Sqrt(values.Energies[i]), 1e-6 * expected[0]);
        }

        Assert.True(
            (values.Left.TransposeAndMultiply(values.Right) - matrix).FrobeniusNorm() < 1e-6 * matrix.FrobeniusNorm());
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void RoundTrip_AnyTarget_StaysBelowItAndAboveWhatItsRankLeaves(double target)
    {
        const int Rows = 96;
        const int Columns = 160;
        PeerMatrix matrix = new(Samples.LowRank(Rows, Columns, 10, 0.5f), Rows, Columns);
        SvdFormat format = new(target);
        PeerResult result = format.RoundTrip(matrix);
        Assert.True(8.0 * result.StoredBytes / (Rows * Columns) <= target);
        Assert.True(8.0 * format.PlannedBytes(Rows, Columns) / (Rows * Columns) <= target);
        int rank = int.Parse(result.Name.Split(' ', ',')[2], System.Globalization.CultureInfo.InvariantCulture);
        double left = matrix.SingularValues.Energies.Skip(rank).Sum() / matrix.SingularValues.Energies.Sum();
        double error = PeerCases.RelativeError(matrix.Values.ToArray(), result);
        Assert.True(error >= left - 1e-9, $"{error} against {left}");
        // At 8 bits of target the factors could be kept at 8 bits and full rank, whose rounding is far below 1%.
        Assert.True(error < (target >= 8 ? 0.01 : 1), $"{error}");
    }

    [Fact]
    public void RoundTrip_MoreBits_NeverIsWorse()
    {
        PeerMatrix matrix = new(Samples.LowRank(64, 96, 6, 0.3f), 64, 96);
        double[] errors = [
            .. ((double[])[0.5, 1, 2, 3, 4, 6, 8]).Select(
                target => PeerCases.RelativeError(matrix.Values.ToArray(), new SvdFormat(target).RoundTrip(matrix)))];
        Assert.Equal(errors.OrderDescending(), errors);
    }

    [Fact]
    public void RoundTrip_RankOne_IsNearlyExactAtHalfABit()
    {
        PeerMatrix matrix = new(Samples.LowRank(200, 100, 1, 0), 200, 100);
        double error = PeerCases.RelativeError(matrix.Values.ToArray(), new SvdFormat(0.5).RoundTrip(matrix));
        // Two factors in 8 bits over ranges of about 6 standard deviations: 2 · (6 / 255)² / 12.
        Assert.True(error < 2 * (6.0 / 255) * (6.0 / 255) / 12 * 1.5, $"{error}");
    }

    [Fact]
    public void RoundTrip_NoRoomForRankOne_StoresNothing()
    {
        PeerResult result = new SvdFormat(0.01).RoundTrip(new PeerMatrix(Samples.Gaussian(20, 30), 20, 30));
        Assert.Equal(0, result.StoredBytes);
        Assert.All(result.Values, value => Assert.Equal(0, value));
    }
}

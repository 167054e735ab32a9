namespace FlatLearning.Benchmarks.Tests;

public class UnexplainedEnergyTests
{
    /// <summary>diag(3, 2, 1) has singular values 3, 2 and 1, whatever columns of zeros stand beside it.</summary>
    [Fact]
    public void OfRanks_DiagonalMatrix_IsTheTailOfSquares()
    {
        MatrixWeight weight = new("diagonal", [0, 2, 0, 0, 3, 0, 0, 0, 0, 0, 1, 0], 3, 4);
        double[] found = UnexplainedEnergy.OfRanks(weight, 1, 2, 3);
        Assert.Equal(5 / 14.0, found[0], 12);
        Assert.Equal(1 / 14.0, found[1], 12);
        Assert.Equal(0, found[2], 12);
    }
}

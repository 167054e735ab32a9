using FlatLearning.Onnx.Planning;

namespace FlatLearning.Onnx.Tests.Planning;

public sealed class ErrorPriorTests
{
    private static readonly float[] Matrix = [1, 1, 2, -2, 4, 4];

    [Fact]
    public void WeightError_CountsEveryNumberAlike()
    {
        Assert.True(ErrorPrior.WeightError.HessianOf(Matrix, 2).IsIdentity);
        Assert.Equal(42, ErrorPrior.WeightError.SensitivityOf(42, 6), 12);
    }

    [Fact]
    public void RelativeMatrices_CountByTheirElements() =>
        Assert.Equal(6, new ErrorPrior { Matrix = 1 }.SensitivityOf(42, 6), 12);

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void Rows_CountByAPowerOfTheirMeanSquare(double exponent)
    {
        Fitting.Hessian h = new ErrorPrior { Rows = exponent }.HessianOf(Matrix, 2);
        Assert.Equal(Math.Pow(4, exponent), h.At(0) / h.At(1), 9);
        Assert.Equal(Math.Pow(16, exponent), h.At(0) / h.At(2), 9);
    }

    [Fact]
    public void Zeros_CountAlike() => Assert.True(new ErrorPrior { Rows = 1 }.HessianOf(new float[6], 2).IsIdentity);
}

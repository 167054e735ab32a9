using FlatLearning.Fitting.Surveys;

namespace FlatLearning.Fitting.Tests.Surveys;

public class RoundingCurveTests
{
    private static readonly RoundingCurve Curve = new([(4, 0.01), (2, 0.16), (3, 0.5), (3, 0.04), (4.5, 0.02)]);

    [Theory]
    [InlineData(2, 0.16)]
    [InlineData(2.5, 0.08)]
    [InlineData(3.5, 0.02)]
    [InlineData(4, 0.01)]
    [InlineData(9, 0.01)]
    public void ErrorAt_BitsWithinAndBeyond_InterpolatesTheLogarithm(double bits, double expected) =>
        Assert.Equal(expected, Curve.ErrorAt(bits)!.Value, 1e-12);

    [Theory]
    [InlineData(0.16, 2)]
    [InlineData(0.08, 2.5)]
    [InlineData(0.01, 4)]
    public void BitsFor_ErrorWithin_IsTheInverse(double error, double expected) =>
        Assert.Equal(expected, Curve.BitsFor(error)!.Value, 1e-12);

    [Fact]
    public void Curve_OutsideOfItsPoints_KnowsNothing()
    {
        Assert.Null(Curve.ErrorAt(1.9));
        Assert.Null(Curve.BitsFor(0.2));
        Assert.Null(Curve.BitsFor(0.001));
        Assert.Null(new RoundingCurve([]).ErrorAt(3));
        Assert.Null(new RoundingCurve([]).BitsFor(0.1));
    }

    [Fact]
    public void Curve_ThatBecomesExact_GivesNumbers()
    {
        RoundingCurve curve = new([(1, 0.5), (2, 0)]);
        Assert.Equal(0, curve.ErrorAt(2));
        Assert.Equal(0.5, curve.ErrorAt(1.5));
        Assert.Equal(2, curve.BitsFor(0.1));
        Assert.Equal(2, curve.BitsFor(0));
        Assert.Equal(1, new RoundingCurve([(1, 0)]).BitsFor(0));
    }
}

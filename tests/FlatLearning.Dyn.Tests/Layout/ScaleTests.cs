using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Tests.Layout;

public sealed class ScaleTests
{
    [Fact]
    public void Value_OfEveryCode_IsASixteenthOfAnOctaveAndComesBack()
    {
        for (int code = 1; code < 256; code++)
        {
            float value = LogScale.Value((byte)code);
            double expected = Math.Exp((code - 128) * Math.Log(2) / 16);
            Assert.True(Math.Abs(value - expected) <= 1e-7 * expected, $"{code}: {value}");
            Assert.Equal(code, LogScale.Code(value));
            Assert.Equal(code, LogScale.Code(value * 1.021));
            Assert.Equal(code, LogScale.Code(value / 1.021));
        }

        Assert.Equal(0f, LogScale.Value(0));
        Assert.Equal(0, LogScale.Code(0));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(0.003)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Code_OutOfRange_Throws(double value) => Assert.Throws<DynFormatException>(() => LogScale.Code(value));

    [Fact]
    public void Of_Scales_LargestFirstAndEqualOnesAsTheyStand() =>
        Assert.Equal(
            [2, 0, 3, 5, 1, 4], ScaleOrder.Of(new ParameterTensor([2, 1, 3, 2, 0, 2], [6], ParameterType.Float32), 6));

    [Fact]
    public void Of_NoScales_IsAsTheyStand() => Assert.Equal([0, 1, 2], ScaleOrder.Of(null, 3));
}

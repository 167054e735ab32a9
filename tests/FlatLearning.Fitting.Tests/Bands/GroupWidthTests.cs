using FlatLearning.Fitting.Bands;

namespace FlatLearning.Fitting.Tests.Bands;

public sealed class GroupWidthTests
{
    [Theory]
    [InlineData(1, 8)]
    [InlineData(32, 32)]
    [InlineData(64, 64)]
    [InlineData(172, 88)]
    [InlineData(214, 72)]
    [InlineData(512, 64)]
    [InlineData(1000, 64)]
    [InlineData(1024, 128)]
    [InlineData(3072, 128)]
    public void GroupWidth_IsReadInPlaceUnlessThatWastesColumns(int columns, int expected) =>
        Assert.Equal(expected, BandFitter.GroupWidth(columns));
}

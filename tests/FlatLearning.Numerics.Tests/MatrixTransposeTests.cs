namespace FlatLearning.Numerics.Tests;

public sealed class MatrixTransposeTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(33, 1)]
    [InlineData(32, 64)]
    [InlineData(35, 70)]
    public void Of_AnyShape_SwapsIndices(int rows, int columns)
    {
        float[] source = [.. Enumerable.Range(0, rows * columns).Select(i => (float)i)];
        float[] result = MatrixTranspose.Of(source, rows, columns);
        for (int i = 0; i < source.Length; i++)
        {
            Assert.Equal(source[i], result[(i % columns * rows) + (i / columns)]);
        }
    }

    [Fact]
    public void Of_WrongLength_Throws() =>
        Assert.Throws<ArgumentException>(() => MatrixTranspose.Of(new float[5], 2, 3));
}

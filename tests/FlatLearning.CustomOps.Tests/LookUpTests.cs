namespace FlatLearning.CustomOps.Tests;

public sealed class LookUpTests
{
    /// <summary>2 widths, 5 numbers of taps, 11 shapes, 4 batches.</summary>
    private const int Cases = 2 * 5 * 11 * 4;

    /// <summary>Every case throws where an element is further from the double-precision product than K roundings of float32 allow.</summary>
    [Theory]
    [InlineData("avx2")]
    [InlineData(null)]
    public void Compute_CodesOfTwoAndFourBits_AgreesWithReference(string? variant) =>
        Assert.Equal($"{Cases}", ChildProcess.RunWith(variant, "lookup"));
}

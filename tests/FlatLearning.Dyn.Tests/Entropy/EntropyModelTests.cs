using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FlatLearning.Dyn.Entropy;

namespace FlatLearning.Dyn.Tests.Entropy;

public sealed class EntropyModelTests
{
    /// <summary>
    /// Every table of schema version 1: a stream written anywhere, at any time, must be read with these.
    /// </summary>
    private const string GoldenTables = "7F5C75DA4315B3400F5EBAF2D96E4CC2";

    [Fact]
    public void Shares_OfEveryTable_SumUpAndLeaveTheOtherParityOut()
    {
        int[] shares = new int[EntropyModel.Places];
        foreach ((int shape, int index, int parity) in Tables())
        {
            EntropyModel.Shares(shape, index, parity, shares);
            Assert.Equal(EntropyModel.Total, shares.Sum());
            Assert.All(shares, share => Assert.True(share >= 0));
            Assert.True(shares[EntropyModel.Escape] > 0);
            for (int level = -EntropyModel.MaxLevel; level <= EntropyModel.MaxLevel; level++)
            {
                Assert.True((level & 1) == parity || shares[level + 128] == 0);
            }
        }
    }

    /// <summary>
    /// Against the formula with the library's power and exponential: a share may round the other way (and a small one
    /// go from 0.35 to 1), and one takes up what is left.
    /// </summary>
    [Fact]
    public void Shares_AgainstTheFormula_DifferByRounding()
    {
        int[] shares = new int[EntropyModel.Places];
        foreach ((int shape, int index, int parity) in Tables())
        {
            EntropyModel.Shares(shape, index, parity, shares);
            double scale = Math.Pow(2, (index - EntropyModel.UnitClass) / 2.0);
            double Weight(int level) =>
                Math.Pow(Math.Abs(level) / scale, (shape + 2) / 4.0) is var power && power < 64
                    ? Math.Pow(2, -power)
                    : 0;
            int[] levels = [
                .. Enumerable.Range(-EntropyModel.MaxLevel, (2 * EntropyModel.MaxLevel) + 1)
                    .Where(level => (level & 1) == parity)];
            double sum = levels.Sum(Weight);
            int changed = levels.Count(
                level =>
                    Math.Abs(shares[level + 128] - (sum > 0 ? Weight(level) / sum * EntropyModel.Total : 0)) > 0.66);
            Assert.True(
                changed <= 1, $"shape {shape}, class {index}, parity {parity}: {changed} shares are not the formula's");
        }
    }

    [Fact]
    public void Shares_OfEveryTable_AreThoseOfTheFirstVersion()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] shares = new int[EntropyModel.Places];
        foreach ((int shape, int index, int parity) in Tables())
        {
            EntropyModel.Shares(shape, index, parity, shares);
            hash.AppendData(MemoryMarshal.AsBytes<int>(shares));
        }

        Assert.Equal(GoldenTables, Convert.ToHexString(hash.GetHashAndReset())[..32]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Next_FromEveryState_ReachesTwoStatesAndEveryStateFromTwo(int memory)
    {
        int states = 1 << memory;
        int[] into = new int[states];
        for (int state = 0; state < states; state++)
        {
            int parity = state & 1;
            int one = LevelTrellis.Next(memory, state, parity);
            int other = LevelTrellis.Next(memory, state, parity + 2);
            Assert.NotEqual(one, other);
            Assert.Equal(one, LevelTrellis.Next(memory, state, parity - 4));
            into[one]++;
            into[other]++;
        }

        Assert.All(into, count => Assert.Equal(2, count));
    }

    private static IEnumerable<(int Shape, int Index, int Parity)> Tables() =>
        from shape in Enumerable.Range(0, EntropyModel.Shapes)
        from index in Enumerable.Range(0, EntropyModel.Classes)
        from parity in Enumerable.Range(0, 2)
        select (shape, index, parity);
}

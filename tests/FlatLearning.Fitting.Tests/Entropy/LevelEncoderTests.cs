using FlatLearning.Dyn.Entropy;
using FlatLearning.Fitting.Entropy;

namespace FlatLearning.Fitting.Tests.Entropy;

public sealed class LevelEncoderTests
{
    private const float Lambda = 0.4f;

    /// <summary>Costs are sums of a few float32 numbers below 100.</summary>
    private const double Rounding = 1e-3;

    /// <summary>Every sequence of subsets is tried, and in it every level: the least cost there is.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Encode_ShortColumns_FindsThePathOfLeastCost(int memory)
    {
        const int Rows = 7;
        Random random = new(memory);
        float[] x = [
            .. Enumerable.Range(0, Rows * LevelEncoder.Lanes).Select(_ => (float)((random.NextDouble() - 0.5) * 20))];
        sbyte[] centres = [.. x.Select(_ => (sbyte)(2 * random.Next(-2, 3)))];
        int[] rowClasses = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(-2, 3))];
        int[] columnClasses = [.. Enumerable.Range(0, LevelEncoder.Lanes).Select(_ => random.Next(18, 24))];
        LevelRates rates = LevelRates.Of(2);
        sbyte[] levels = new sbyte[x.Length];
        new LevelEncoder(memory, Rows).Encode(x, centres, rowClasses, columnClasses, rates, Lambda, levels);
        for (int lane = 0; lane < LevelEncoder.Lanes; lane++)
        {
            double Cost(int k, int level)
            {
                int i = (k * LevelEncoder.Lanes) + lane;
                int table = LevelRates.Offset(EntropyModel.ClassOf(rowClasses[k], columnClasses[lane]), level & 1);
                return ((x[i] - level) * (x[i] - level)) + (Lambda * rates.Bits[table + level - centres[i]]);
            }

            double Min(int k, int state) => k == Rows ? 0 : Enumerable.Range(-40, 81)
                .Where(level => (level & 1) == (state & 1))
                .GroupBy(level => level & 2)
                .Min(
                    subset => subset.Min(level => Cost(k, level))
                        + Min(k + 1, LevelTrellis.Next(memory, state, subset.First())));

            (double found, int current) = (0, 0);
            for (int k = 0; k < Rows; k++)
            {
                int level = levels[(k * LevelEncoder.Lanes) + lane];
                Assert.Equal(current & 1, level & 1);
                found += Cost(k, level);
                current = LevelTrellis.Next(memory, current, level);
            }

            Assert.True(Math.Abs(found - Min(0, 0)) < Rounding, $"cost {found}, least {Min(0, 0)}");
        }
    }
}

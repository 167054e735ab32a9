using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Tests.Codes;

public class TrellisEncoderTests
{
    private const int Lanes = TrellisEncoder.Lanes;

    /// <summary>The winner's index in the mantissa moves a cost by 2^(bits-23) at most.</summary>
    private const double TaggingTolerance = 1e-4;

    /// <summary>
    /// A chunk is committed with forty rows of lookahead, ten times the memory: its codes are practically those of the
    /// whole column.
    /// </summary>
    private const double ChunkTolerance = 1e-4;

    [Theory]
    [InlineData(2, 2, 5)]
    [InlineData(2, 3, 5)]
    [InlineData(2, 4, 6)]
    [InlineData(2, 5, 6)]
    [InlineData(2, 5, 1)]
    [InlineData(2, 3, 2)]
    [InlineData(3, 2, 4)]
    [InlineData(4, 3, 3)]
    [InlineData(5, 2, 2)]
    public void Encode_ShortColumns_FindsTheCheapestOfAllCodeSequences(int bits, int taps, int rows)
    {
        AdditiveTables tables = RandomTables(bits, taps, seed: 3);
        float[] x = TableTrainer.Gaussian(rows * Lanes, seed: 4);
        float[] weights = [.. Enumerable.Range(0, rows).Select(k => 0.05f + (k * 37 % 11))];
        byte[] codes = new byte[x.Length];
        using TrellisEncoder encoder = new(bits, taps);
        encoder.Encode(tables, x, weights, codes);
        for (int lane = 0; lane < Lanes; lane++)
        {
            double found = Cost(tables, x, weights, codes, lane);
            double min = CheapestByEnumeration(tables, x, weights, lane);
            Assert.True(found <= min * (1 + TaggingTolerance) + 1e-9, $"lane {lane}: {found} against {min}");
        }
    }

    [Theory]
    [InlineData(2, 2, 9000)]
    [InlineData(2, 5, 2600)]
    [InlineData(3, 3, 5000)]
    public void Encode_ColumnsOfSeveralChunks_CostsWhatTheExactAlgorithmInDoubleCosts(int bits, int taps, int rows)
    {
        AdditiveTables tables = RandomTables(bits, taps, seed: 5);
        float[] x = TableTrainer.Gaussian(rows * Lanes, seed: 6);
        float[] weights = new float[rows];
        Array.Fill(weights, 1f);
        byte[] codes = new byte[x.Length];
        using TrellisEncoder encoder = new(bits, taps);
        encoder.Encode(tables, x, weights, codes);
        double found = Cost(tables, x, weights, codes, lane: 7);
        double min = CheapestByDynamicProgramming(tables, x, lane: 7);
        Assert.True(found <= min * (1 + ChunkTolerance), $"{found} against {min}");
        Assert.True(found >= min * (1 - 1e-9), $"{found} is below the minimum {min}: the cost function is wrong");
    }

    [Fact]
    public void Encode_SameEncoderTwice_GivesTheSameCodes()
    {
        AdditiveTables tables = RandomTables(4, 3, seed: 1);
        float[] x = TableTrainer.Gaussian(500 * Lanes, seed: 2);
        float[] weights = new float[500];
        Array.Fill(weights, 1f);
        byte[] first = new byte[x.Length];
        byte[] second = new byte[x.Length];
        using TrellisEncoder encoder = new(4, 3);
        encoder.Encode(tables, x, weights, first);
        encoder.Encode(tables, x, weights, second);
        Assert.Equal(first, second);
    }

    private static AdditiveTables RandomTables(int bits, int taps, int seed) =>
        new(bits, taps, TableTrainer.Gaussian(taps << bits, seed));

    private static double Cost(AdditiveTables tables, float[] x, float[] weights, byte[] codes, int lane)
    {
        double cost = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            double difference = x[(k * Lanes) + lane] - tables.Sum(codes, k, lane, Lanes);
            cost += weights[k] * difference * difference;
        }

        return cost;
    }

    private static double CheapestByEnumeration(AdditiveTables tables, float[] x, float[] weights, int lane)
    {
        double min = double.PositiveInfinity;
        int rows = weights.Length;
        for (long sequence = 0; sequence < 1L << (tables.Bits * rows); sequence++)
        {
            double cost = 0;
            for (int k = 0; k < rows; k++)
            {
                double sum = 0;
                for (int t = 0; t < tables.Taps && t <= k; t++)
                {
                    sum += tables[t, (int)(sequence >> (tables.Bits * (k - t))) & (tables.Levels - 1)];
                }

                double difference = x[(k * Lanes) + lane] - sum;
                cost += weights[k] * difference * difference;
            }

            min = Math.Min(min, cost);
        }

        return min;
    }

    private static double CheapestByDynamicProgramming(AdditiveTables tables, float[] x, int lane)
    {
        Dictionary<string, double> paths = new() { [string.Empty] = 0 };
        for (int k = 0; k < x.Length / Lanes; k++)
        {
            Dictionary<string, double> next = [];
            foreach ((string past, double cost) in paths)
            {
                for (int code = 0; code < tables.Levels; code++)
                {
                    string codes = (char)('a' + code) + past;
                    double sum = 0;
                    for (int t = 0; t < codes.Length; t++)
                    {
                        sum += tables[t, codes[t] - 'a'];
                    }

                    double difference = x[(k * Lanes) + lane] - sum;
                    string state = codes.Length < tables.Taps ? codes : codes[..(tables.Taps - 1)];
                    double total = cost + (difference * difference);
                    if (!next.TryGetValue(state, out double known) || total < known)
                    {
                        next[state] = total;
                    }
                }
            }

            paths = next;
        }

        return paths.Values.Min();
    }
}

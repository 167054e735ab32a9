using FlatLearning.Fitting.Metrics.DynL1;

namespace FlatLearning.Fitting.Tests.Metrics;

public class L1StateTests
{
    [Fact]
    public void Best_RandomPartners_IsTheBestOfAllLevels()
    {
        Random random = new(1);
        for (int trial = 0; trial < 200; trial++)
        {
            const int Levels = 16;
            int partners = 1 + random.Next(30);
            double weight = random.NextDouble() - 0.5;
            int[] codes = [.. Enumerable.Range(0, partners).Select(_ => random.Next(Levels))];
            double[] r = [.. codes.Select(_ => random.NextDouble() * 4)];
            double[] counts = new double[Levels];
            double[] sums = new double[Levels * 3];
            for (int i = 0; i < partners; i++)
            {
                counts[codes[i]]++;
                sums[codes[i] * 3] += r[i];
            }

            double Cost(int level) => codes.Select((c, i) => Math.Pow(r[i] - (weight * Math.Abs(level - c)), 2)).Sum();
            int best = L1Level.Best(counts, sums, 3, weight);
            Assert.True(Cost(best) <= Enumerable.Range(0, Levels).Min(Cost) + 1e-9);
        }
    }

    [Fact]
    public void EveryStep_LowersTheErrorAndKeepsTheResidualTrue()
    {
        float[] target = Samples.LowRank(23, 31, 3, 0.2f);
        L1State state = new((float[])target.Clone(), 23, 31, 4, 64);
        Random random = new(2);
        double error = state.SquaredError();
        void Lowered(string step)
        {
            double next = state.SquaredError();
            Assert.True(next <= error * (1 + 1e-6), $"{step}: {next} after {error}");
            error = next;
        }

        for (int j = 0; j < 4; j++)
        {
            int sign = (j & 1) == 0 ? 1 : -1;
            state.Place(j, sign, random);
            Lowered("place");
            for (int round = 0; round < 3; round++)
            {
                state.FitRows(j);
                Lowered("rows");
                state.FitColumns(j);
                Lowered("columns");
                state.FitWeight(j, sign);
                Lowered("weight");
                Assert.True(state.Weights[j] * sign >= 0);
            }
        }

        for (int i = 0; i < target.Length; i++)
        {
            double model = 0;
            for (int j = 0; j < 4; j++)
            {
                model += state.Weights[j]
                    * Math.Abs(state.RowCodes[(j * 23) + (i / 31)] - state.ColumnCodes[(j * 31) + (i % 31)]);
            }

            Assert.True(Math.Abs(target[i] - model - state.Residual[i]) < 1e-4);
        }
    }
}

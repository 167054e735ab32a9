using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Dyn.Tests.Support;

/// <summary>
/// Random levels along random paths of the trellis, with random classes, steps and prediction: what an encoder may hand
/// to the writer.
/// </summary>
internal sealed record LevelCase(int Rows, int Columns, int Seed)
{
    public sbyte[] Levels { get; private init; } = [];

    public EntropyFields Fields { get; private init; } = null!;

    public RowPrediction Prediction { get; private init; } = RowPrediction.None;

    public int Shape { get; private init; }

    public int Memory { get; private init; }

    /// <summary>The weight that is stored as these levels.</summary>
    public DynWeight Weight() => new(Rows, Columns, null, null, new EntropyCodes(Write()));

    /// <summary>Draws everything.</summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="seed">Start of the random numbers.</param>
    /// <param name="spread">Levels are normal with this standard deviation, so that those above what the classes expect
    /// are escaped.</param>
    public static LevelCase Draw(int rows, int columns, int seed, double spread)
    {
        Random random = new(seed);
        int memory = LevelTrellis.MinMemory + random.Next(LevelTrellis.MaxMemory - LevelTrellis.MinMemory + 1);
        sbyte[] levels = new sbyte[rows * columns];
        for (int n = 0; n < columns; n++)
        {
            int state = 0;
            for (int k = 0; k < rows; k++)
            {
                int level = (int)Math.Clamp(Math.Round(spread * Normal(random)), -126, 126);
                level += (level ^ state) & 1;
                levels[(k * columns) + n] = (sbyte)level;
                state = LevelTrellis.Next(memory, state, level);
            }
        }

        int lags = random.Next(3) == 0 ? 0 : random.Next(1, RowPrediction.MaxLags + 1);
        int[] Field(int count, int min, int max) =>
            [.. Enumerable.Range(0, count).Select(_ => random.Next(min, max + 1))];
        return new LevelCase(rows, columns, seed)
        {
            Levels = levels,
            Memory = memory,
            Shape = random.Next(EntropyModel.Shapes),
            Fields = new EntropyFields(
                Field(rows, -3, 2),
                Field(columns, 17, 26),
                random.Next(2) == 0 ? new int[rows] : Field(rows, -4, 4),
                Field(columns, 0, random.Next(2))),
            Prediction = new RowPrediction(Field(lags, 1, Math.Max(1, rows + 2)), Field(lags, -200, 300)),
        };
    }

    public EntropyStream Write() => EntropyWriter.Write(Levels, Fields, Prediction, Shape, Memory, 0.25f);

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

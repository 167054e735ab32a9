using FlatLearning.Dyn.Entropy;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// The classes of rows and columns while they are fitted: first from root mean squares, then each moved to where its
/// levels and the class itself cost the fewest bits.
/// </summary>
internal sealed class ClassFields
{
    /// <summary>How far a class moves at a time.</summary>
    private const int Reach = 2;

    private const int Choices = (2 * Reach) + 1;

    private const int MinRow = -EntropyFields.Offset;
    private const int MaxRow = EntropyFields.Offset - 1;
    private const int MaxColumn = 63;
    private const int ColumnsOfItem = 256;
    private readonly int _columns;
    private readonly IWorkers _workers;

    /// <summary>Classes from root mean squares.</summary>
    /// <param name="x">Values in units of their step, row-major [K, N].</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="withRows">Whether rows differ.</param>
    /// <param name="withColumns">Whether columns differ.</param>
    /// <param name="workers">The threads of the work.</param>
    public ClassFields(
        ReadOnlyMemory<float> x, int rows, int columns, bool withRows, bool withColumns, IWorkers workers)
    {
        (_columns, _workers) = (columns, workers);
        (WithRows, WithColumns) = (withRows, withColumns);
        Codes.Scales scales = Fitting.Codes.Scales.FromRootMeanSquares(x, rows, columns, withRows, workers);
        double[] column = scales.Column;
        if (!withColumns)
        {
            double mean = Math.Sqrt(column.Sum(scale => scale * scale) / columns);
            column = [.. column.Select(_ => mean)];
        }

        Rows = [.. Enumerable.Range(0, rows).Select(k => Math.Clamp(Halves(scales.RowAt(k)), MinRow, MaxRow))];
        Columns = [.. column.Select(scale => Math.Clamp(EntropyModel.UnitClass + Halves(scale), 0, MaxColumn))];
    }

    public bool WithRows { get; }

    public bool WithColumns { get; }

    /// <summary>a [K].</summary>
    public int[] Rows { get; }

    /// <summary>b [N].</summary>
    public int[] Columns { get; }

    /// <summary>Bits of all levels under a shape.</summary>
    public double Bits(short[] differences, LevelRates rates)
    {
        float[] sums = new float[Rows.Length];
        _workers.For(Rows.Length, k =>
        {
            float sum = 0;
            for (int n = 0; n < _columns; n++)
            {
                int level = differences[(k * _columns) + n];
                sum += rates.Bits[LevelRates.Offset(EntropyModel.ClassOf(Rows[k], Columns[n]), level & 1) + level];
            }

            sums[k] = sum;
        });
        double total = 0;
        foreach (float sum in sums)
        {
            total += sum;
        }

        return total;
    }

    /// <summary>Moves every class to the best one near it.</summary>
    public void Improve(short[] differences, LevelRates rates)
    {
        float[] costs = new float[Math.Max(Rows.Length, _columns) * Choices];
        _workers.ForRanges(_columns, ColumnsOfItem, (begin, end) =>
        {
            for (int k = 0; k < Rows.Length; k++)
            {
                for (int n = begin; n < end; n++)
                {
                    Add(differences, rates, k, n, costs.AsSpan(n * Choices, Choices));
                }
            }
        });
        if (WithColumns)
        {
            Move(Columns, costs, 0, MaxColumn);
        }
        else
        {
            MoveTogether(Columns, costs, 0, MaxColumn);
        }

        if (WithRows)
        {
            Array.Clear(costs);
            _workers.For(Rows.Length, k =>
            {
                for (int n = 0; n < _columns; n++)
                {
                    Add(differences, rates, k, n, costs.AsSpan(k * Choices, Choices));
                }
            });
            Move(Rows, costs, MinRow, MaxRow);
        }
    }

    /// <summary>
    /// Adds the bits of a level when the class of its row or column is changed by each choice -
    /// <see cref="Reach"/>.
    /// </summary>
    private void Add(short[] differences, LevelRates rates, int row, int column, Span<float> sums)
    {
        int level = differences[(row * _columns) + column];
        int index = Rows[row] + Columns[column] - Reach;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += rates.Bits[LevelRates.Offset(
                Math.Clamp(index + i, 0, EntropyModel.Classes - 1), level & 1) + level];
        }
    }

    /// <summary>
    /// A class costs its own bits too: the logarithm of how many share it, as the adaptive coder of the fields will
    /// find.
    /// </summary>
    private static void Move(int[] classes, float[] costs, int min, int max)
    {
        int[] counts = new int[max - min + 1];
        foreach (int value in classes)
        {
            counts[value - min]++;
        }

        for (int i = 0; i < classes.Length; i++)
        {
            (double best, int chosen) = (double.PositiveInfinity, classes[i]);
            for (int choice = 0; choice < Choices; choice++)
            {
                int value = classes[i] + choice - Reach;
                if (value >= min && value <= max)
                {
                    double own = Math.Log2(
                        (classes.Length + 8.0) / (counts[value - min] + (value == classes[i] ? -0.75 : 0.25)));
                    double cost = costs[(i * Choices) + choice] + own;
                    (best, chosen) = cost < best ? (cost, value) : (best, chosen);
                }
            }

            counts[classes[i] - min]--;
            counts[chosen - min]++;
            classes[i] = chosen;
        }
    }

    private static void MoveTogether(int[] classes, float[] costs, int min, int max)
    {
        double[] sums = new double[Choices];
        for (int i = 0; i < classes.Length * Choices; i++)
        {
            sums[i % Choices] += costs[i];
        }

        int value = Math.Clamp(classes[0] + Array.IndexOf(sums, sums.Min()) - Reach, min, max);
        Array.Fill(classes, value);
    }

    private static int Halves(double scale) =>
        scale > 0 ? (int)Math.Round(Math.Clamp(2 * Math.Log2(scale), -64, 64)) : -64;
}

using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Row scales rho [K] (null for ones) and column scales gamma [N] of a weight while it is being fitted. Never negative,
/// never NaN.
/// </summary>
internal sealed class Scales(double[]? row, double[] column)
{
    private const int SinkhornRounds = 8;
    private const int RowsOfItem = 64;
    private const int ColumnsOfItem = 256;

    /// <summary>
    /// Far below the smallest number of float32, 1e-45, so that two inverses still have a finite product.
    /// </summary>
    private const double Smallest = 1e-60;

    public double[]? Row { get; } = row;

    public double[] Column { get; } = column;

    public double RowAt(int k) => Row?[k] ?? 1.0;

    /// <summary>
    /// Scales that give every column, and with <paramref name="withRows"/> every row too, the root mean square 1
    /// (alternating, as Sinkhorn's algorithm does for sums). A row or column of zeros has the scale 0.
    /// </summary>
    public static Scales FromRootMeanSquares(
        ReadOnlyMemory<float> w, int rows, int columns, bool withRows, IWorkers workers)
    {
        double[] row = new double[rows];
        double[] column = new double[columns];
        Array.Fill(row, 1.0);
        for (int round = 0; round < (withRows ? SinkhornRounds : 1); round++)
        {
            ColumnRoots(w, row, column, workers);
            if (withRows)
            {
                RowRoots(w, row, column, workers);
            }
        }

        if (!withRows)
        {
            return new Scales(null, column);
        }

        ColumnRoots(w, row, column, workers);
        return new Scales(row, column);
    }

    /// <summary>
    /// Scales whose squares' products have the row and column sums of w²: rho² gamma² = row energy · column energy /
    /// energy. Where strong rows and strong columns do not meet in strong elements, the scales of
    /// <see cref="FromRootMeanSquares"/> have many times the weight's energy, and codes under them lose that much more;
    /// these never do.
    /// </summary>
    public static Scales FromEnergies(ReadOnlyMemory<float> w, int rows, int columns, IWorkers workers)
    {
        double[] row = new double[rows];
        double[] column = new double[columns];
        workers.ForRanges(rows, RowsOfItem, (begin, end) =>
        {
            for (int k = begin; k < end; k++)
            {
                foreach (float value in w.Span.Slice(k * columns, columns))
                {
                    row[k] += (double)value * value;
                }
            }
        });
        workers.ForRanges(columns, ColumnsOfItem, (begin, end) =>
        {
            Span<double> sums = column.AsSpan(begin, end - begin);
            for (int k = 0; k < rows; k++)
            {
                ReadOnlySpan<float> line = w.Span.Slice((k * columns) + begin, sums.Length);
                for (int n = 0; n < sums.Length; n++)
                {
                    sums[n] += (double)line[n] * line[n];
                }
            }
        });

        // Rows get the mean square 1.
        double mean = row.Sum() / rows;
        for (int k = 0; k < rows && mean > 0; k++)
        {
            row[k] = Math.Sqrt(row[k] / mean);
        }

        for (int n = 0; n < columns; n++)
        {
            column[n] = Math.Sqrt(column[n] / rows);
        }

        return new Scales(row, column);
    }

    /// <summary>sum rho² gamma².</summary>
    public double Energy(int rows) => (Row?.Sum(scale => scale * scale) ?? rows) * Column.Sum(scale => scale * scale);

    /// <summary>1/s, or 0 where s is 0 or will be once it is stored: what normalises a weight.</summary>
    public static double Inverse(double scale) => scale > Smallest ? 1 / scale : 0;

    private static void ColumnRoots(ReadOnlyMemory<float> w, double[] row, double[] column, IWorkers workers) =>
        workers.ForRanges(column.Length, ColumnsOfItem, (begin, end) =>
        {
            double[] sums = new double[end - begin];
            for (int k = 0; k < row.Length; k++)
            {
                double inverse = Inverse(row[k]);
                ReadOnlySpan<float> line = w.Span.Slice((k * column.Length) + begin, sums.Length);
                for (int n = 0; n < line.Length; n++)
                {
                    double x = line[n] * inverse;
                    sums[n] += x * x;
                }
            }

            for (int n = 0; n < sums.Length; n++)
            {
                column[begin + n] = Math.Sqrt(sums[n] / row.Length);
            }
        });

    private static void RowRoots(ReadOnlyMemory<float> w, double[] row, double[] column, IWorkers workers)
    {
        double[] inverse = Array.ConvertAll(column, Inverse);
        workers.ForRanges(row.Length, RowsOfItem, (begin, end) =>
        {
            for (int k = begin; k < end; k++)
            {
                double sum = 0;
                ReadOnlySpan<float> line = w.Span.Slice(k * column.Length, column.Length);
                for (int n = 0; n < line.Length; n++)
                {
                    double x = line[n] * inverse[n];
                    sum += x * x;
                }

                row[k] = Math.Sqrt(sum / column.Length);
            }
        });
        double logarithms = 0;
        int positive = 0;
        for (int k = 0; k < row.Length; k++)
        {
            if (row[k] > 0)
            {
                logarithms += Math.Log(row[k]);
                positive++;
            }
        }

        // The magnitude belongs to the columns: rows have the geometric mean 1.
        double scale = positive > 0 ? Math.Exp(-logarithms / positive) : 1;
        for (int k = 0; k < row.Length; k++)
        {
            row[k] *= scale;
        }
    }
}

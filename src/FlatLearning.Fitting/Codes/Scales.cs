namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Row scales rho [K] (null for ones) and column scales gamma [N] of a weight while it is being fitted. Never negative,
/// never NaN.
/// </summary>
internal sealed class Scales(double[]? row, double[] column)
{
    private const int SinkhornRounds = 8;

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
    public static Scales FromRootMeanSquares(ReadOnlySpan<float> w, int rows, int columns, bool withRows)
    {
        double[] row = new double[rows];
        double[] column = new double[columns];
        Array.Fill(row, 1.0);
        for (int round = 0; round < (withRows ? SinkhornRounds : 1); round++)
        {
            ColumnRoots(w, row, column);
            if (withRows)
            {
                RowRoots(w, row, column);
            }
        }

        if (!withRows)
        {
            return new Scales(null, column);
        }

        ColumnRoots(w, row, column);
        return new Scales(row, column);
    }

    /// <summary>
    /// Scales whose squares' products have the row and column sums of w²: rho² gamma² = row energy · column energy /
    /// energy. Where strong rows and strong columns do not meet in strong elements, the scales of
    /// <see cref="FromRootMeanSquares"/> have many times the weight's energy, and codes under them lose that much more;
    /// these never do.
    /// </summary>
    public static Scales FromEnergies(ReadOnlySpan<float> w, int rows, int columns)
    {
        double[] row = new double[rows];
        double[] column = new double[columns];
        for (int k = 0; k < rows; k++)
        {
            ReadOnlySpan<float> line = w.Slice(k * columns, columns);
            for (int n = 0; n < columns; n++)
            {
                double square = (double)line[n] * line[n];
                row[k] += square;
                column[n] += square;
            }
        }

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

    private static void ColumnRoots(ReadOnlySpan<float> w, double[] row, double[] column)
    {
        double[] sums = new double[column.Length];
        for (int k = 0; k < row.Length; k++)
        {
            double inverse = Inverse(row[k]);
            ReadOnlySpan<float> line = w.Slice(k * column.Length, column.Length);
            for (int n = 0; n < line.Length; n++)
            {
                double x = line[n] * inverse;
                sums[n] += x * x;
            }
        }

        for (int n = 0; n < column.Length; n++)
        {
            column[n] = Math.Sqrt(sums[n] / row.Length);
        }
    }

    private static void RowRoots(ReadOnlySpan<float> w, double[] row, double[] column)
    {
        double logarithms = 0;
        int positive = 0;
        double[] inverse = Array.ConvertAll(column, Inverse);
        for (int k = 0; k < row.Length; k++)
        {
            double sum = 0;
            ReadOnlySpan<float> line = w.Slice(k * column.Length, column.Length);
            for (int n = 0; n < line.Length; n++)
            {
                double x = line[n] * inverse[n];
                sum += x * x;
            }

            row[k] = Math.Sqrt(sum / column.Length);
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

using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <content>Scales and errors: sums over all weights, each in one order whatever the number of threads.</content>
internal sealed partial class CodedMatrix
{
    private const int RowsOfItem = 64;
    private const int ColumnsOfItem = 256;

    /// <summary>
    /// The column scales, then the row scales, of least error for the present codes. A scale that would not be positive
    /// stays.
    /// </summary>
    public void RefitScales()
    {
        double[] column = new double[Columns];
        _workers.ForRanges(Columns, ColumnsOfItem, (begin, end) => RefitColumns(begin, end, column));
        double[]? row = Scales.Row is null ? null : new double[Rows];
        if (row is not null)
        {
            _workers.ForRanges(Rows, RowsOfItem, (begin, end) => RefitRows(begin, end, column, row));
        }

        Scales = new Scales(row, column);
    }

    /// <summary>sum h[k] (w - w~)², in double precision, with exactly the scales and tables held now.</summary>
    public double SquaredError()
    {
        double[] sums = new double[Rows];
        _workers.ForRanges(Rows, RowsOfItem, (begin, end) =>
        {
            double[] room = new double[Columns];
            for (int k = begin; k < end; k++)
            {
                sums[k] = RowError(k, 0, Columns, room);
            }
        });
        double total = 0;
        for (int k = 0; k < Rows; k++)
        {
            total += _importance[k] * sums[k];
        }

        return total;
    }

    /// <summary>
    /// sum (w - w~)² over sum w², and the same with every row's sums multiplied by h[k]; 0 for weights of zeros.
    /// </summary>
    public (double Plain, double Weighted) RelativeErrors()
    {
        double[] errors = new double[Rows];
        double[] energies = new double[Rows];
        _workers.ForRanges(Rows, RowsOfItem, (begin, end) =>
        {
            double[] room = new double[Columns];
            for (int k = begin; k < end; k++)
            {
                errors[k] = RowError(k, 0, Columns, room);
                foreach (float value in _w.Span.Slice(k * Columns, Columns))
                {
                    energies[k] += (double)value * value;
                }
            }
        });
        (double error, double energy, double weightedError, double weightedEnergy) = (0, 0, 0, 0);
        for (int k = 0; k < Rows; k++)
        {
            (error, energy) = (error + errors[k], energy + energies[k]);
            (weightedError, weightedEnergy) =
                (weightedError + (_importance[k] * errors[k]), weightedEnergy + (_importance[k] * energies[k]));
        }

        return (energy > 0 ? error / energy : 0, weightedEnergy > 0 ? weightedError / weightedEnergy : 0);
    }

    /// <summary>W~, row-major [K, N], in double precision.</summary>
    public double[] Decode()
    {
        double[] decoded = new double[(long)Rows * Columns];
        _workers.ForRanges(Rows, RowsOfItem, (begin, end) =>
        {
            for (int k = begin; k < end; k++)
            {
                double rho = Scales.RowAt(k);
                Span<double> line = decoded.AsSpan(k * Columns, Columns);
                SumRow(k, 0, line);
                for (int n = 0; n < Columns; n++)
                {
                    line[n] = line[n] * rho * Scales.Column[n];
                }
            }
        });
        return decoded;
    }

    private double SquaredError(int begin, int end, double[] room)
    {
        double total = 0;
        for (int k = 0; k < Rows; k++)
        {
            total += _importance[k] * RowError(k, begin, end, room);
        }

        return total;
    }

    private double RowError(int row, int begin, int end, double[] room)
    {
        double rho = Scales.RowAt(row);
        double[] gamma = Scales.Column;
        ReadOnlySpan<float> line = _w.Span.Slice((row * Columns) + begin, end - begin);
        Span<double> sums = room.AsSpan(0, line.Length);
        SumRow(row, begin, sums);
        double sum = 0;
        for (int n = 0; n < line.Length; n++)
        {
            double error = line[n] - (sums[n] * rho * gamma[begin + n]);
            sum += error * error;
        }

        return sum;
    }

    private void RefitColumns(int begin, int end, double[] column)
    {
        double[] along = new double[end - begin];
        double[] energy = new double[end - begin];
        double[] sums = new double[end - begin];
        for (int k = 0; k < Rows; k++)
        {
            double rho = Scales.RowAt(k);
            double weight = _importance[k];
            ReadOnlySpan<float> line = _w.Span.Slice((k * Columns) + begin, sums.Length);
            SumRow(k, begin, sums);
            for (int n = 0; n < line.Length; n++)
            {
                double code = rho * sums[n];
                along[n] += weight * code * line[n];
                energy[n] += weight * code * code;
            }
        }

        for (int n = 0; n < sums.Length; n++)
        {
            column[begin + n] = Ratio(along[n], energy[n], Scales.Column[begin + n]);
        }
    }

    private void RefitRows(int begin, int end, double[] column, double[] row)
    {
        double[] sums = new double[Columns];
        for (int k = begin; k < end; k++)
        {
            (double along, double energy) = (0, 0);
            ReadOnlySpan<float> line = _w.Span.Slice(k * Columns, Columns);
            SumRow(k, 0, sums);
            for (int n = 0; n < line.Length; n++)
            {
                double code = column[n] * sums[n];
                along += code * line[n];
                energy += code * code;
            }

            row[k] = Ratio(along, energy, Scales.Row![k]);
        }
    }

    /// <summary>metric + code of a row's columns from <paramref name="begin"/> on.</summary>
    private void SumRow(int row, int begin, Span<double> sums)
    {
        if (_field is null)
        {
            sums.Clear();
        }
        else
        {
            _field.AsSpan((row * Columns) + begin, sums.Length).CopyTo(sums);
        }

        for (int t = 0; t < Tables.Taps && t <= row; t++)
        {
            ReadOnlySpan<float> table = Tables.Values.AsSpan(t * Tables.Levels, Tables.Levels);
            ReadOnlySpan<byte> codes = Codes.AsSpan(((row - t) * Columns) + begin, sums.Length);
            for (int n = 0; n < sums.Length; n++)
            {
                sums[n] += table[codes[n]];
            }
        }
    }

    private static double Ratio(double along, double energy, double current)
    {
        double ratio = along / energy;
        return ratio > 0 && double.IsFinite(ratio) ? ratio : current;
    }
}

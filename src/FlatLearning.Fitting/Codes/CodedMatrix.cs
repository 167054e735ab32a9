namespace FlatLearning.Fitting.Codes;

/// <summary>
/// A weight in the middle of its fit: scales, tables and codes, and the steps that improve one of them with the others
/// fixed. No step raises the error sum h[k] (w - rho gamma (metric + code))² but by rounding and by the encoder's chunk
/// ends.
/// </summary>
internal sealed class CodedMatrix
{
    /// <summary>
    /// Rows much lighter than the mean still decide their codes: weights stay within this factor of it.
    /// </summary>
    private const double WeightRange = 1e6;

    /// <summary>No code comes near to this; squares and their sums stay finite in float32.</summary>
    private const double Farthest = 1e9;

    private readonly ReadOnlyMemory<float> _w;
    private readonly double[] _importance;
    private readonly double[]? _field;
    private readonly float[] _block;
    private readonly byte[] _blockCodes;
    private readonly float[] _rowWeights;
    private readonly double[] _inverseRows;
    private readonly double[] _sums;

    /// <summary>Prepares a fit.</summary>
    /// <param name="w">Row-major [K, N].</param>
    /// <param name="importance">h [K], how much a squared error in each row counts; not negative.</param>
    /// <param name="scales">Scales to start from, which also say N.</param>
    /// <param name="tables">Tables to start from.</param>
    /// <param name="field">The metric that the codes add to, row-major [K, N], or null for none.</param>
    public CodedMatrix(
        ReadOnlyMemory<float> w, double[] importance, Scales scales, AdditiveTables tables, double[]? field = null)
    {
        (int rows, int columns) = (importance.Length, scales.Column.Length);
        (_w, _importance, _field, Rows, Columns, Scales, Tables) =
            (w, importance, field, rows, columns, scales, tables);
        _block = new float[rows * TrellisEncoder.Lanes];
        _blockCodes = new byte[_block.Length];
        _rowWeights = new float[rows];
        _inverseRows = new double[rows];
        _sums = new double[columns];
        Codes = new byte[checked(rows * columns)];
    }

    public int Rows { get; }

    public int Columns { get; }

    public Scales Scales { get; set; }

    public AdditiveTables Tables { get; set; }

    /// <summary>z, row-major [K, N].</summary>
    public byte[] Codes { get; }

    /// <summary>Blocks of sixteen columns.</summary>
    public int Blocks => (Columns + TrellisEncoder.Lanes - 1) / TrellisEncoder.Lanes;

    /// <summary>
    /// Encodes the blocks first, first + step, ... and, where statistics are given, adds them there.
    /// Returns the squared error of these blocks.
    /// </summary>
    public double Encode(
        TrellisEncoder? trellis, TableStatistics? statistics, int first, int step, Action<int> eachBlock)
    {
        PrepareRows();
        double error = 0;
        ScalarEncoder? scalar = trellis is null ? new ScalarEncoder(Tables.Values) : null;
        for (int block = first; block < Blocks; block += step)
        {
            eachBlock(block);
            LoadBlock(block);
            if (trellis is not null)
            {
                trellis.Encode(Tables, _block, _rowWeights, _blockCodes);
            }
            else
            {
                for (int i = 0; i < _block.Length; i++)
                {
                    _blockCodes[i] = scalar!.Encode(_block[i]);
                }
            }

            StoreBlock(block);
            AddStatistics(statistics, block);
            error += SquaredError(block * TrellisEncoder.Lanes, Math.Min(Columns, (block + 1) * TrellisEncoder.Lanes));
        }

        return error;
    }

    /// <summary>The tables of least error for the present codes and scales, over all columns.</summary>
    public void RefitTables()
    {
        PrepareRows();
        TableStatistics statistics = new(Tables.Bits, Tables.Taps);
        for (int block = 0; block < Blocks; block++)
        {
            LoadBlock(block);
            int column = block * TrellisEncoder.Lanes;
            int count = Math.Min(TrellisEncoder.Lanes, Columns - column);
            for (int k = 0; k < Rows; k++)
            {
                Codes.AsSpan((k * Columns) + column, count).CopyTo(_blockCodes.AsSpan(k * TrellisEncoder.Lanes));
            }

            AddStatistics(statistics, block);
        }

        Tables = statistics.Solve(Tables);
    }

    /// <summary>
    /// The column scales, then the row scales, of least error for the present codes. A scale that would not be positive
    /// stays.
    /// </summary>
    public void RefitScales()
    {
        ReadOnlySpan<float> w = _w.Span;
        double[] along = new double[Columns];
        double[] energy = new double[Columns];
        for (int k = 0; k < Rows; k++)
        {
            double rho = Scales.RowAt(k);
            double weight = _importance[k];
            ReadOnlySpan<float> line = w.Slice(k * Columns, Columns);
            SumRow(k, 0, Columns);
            for (int n = 0; n < line.Length; n++)
            {
                double code = rho * _sums[n];
                along[n] += weight * code * line[n];
                energy[n] += weight * code * code;
            }
        }

        double[] column = new double[Columns];
        for (int n = 0; n < Columns; n++)
        {
            column[n] = Ratio(along[n], energy[n], Scales.Column[n]);
        }

        double[]? row = Scales.Row is null ? null : new double[Rows];
        for (int k = 0; row is not null && k < Rows; k++)
        {
            (double rowAlong, double rowEnergy) = (0, 0);
            ReadOnlySpan<float> line = w.Slice(k * Columns, Columns);
            SumRow(k, 0, Columns);
            for (int n = 0; n < line.Length; n++)
            {
                double code = column[n] * _sums[n];
                rowAlong += code * line[n];
                rowEnergy += code * code;
            }

            row[k] = Ratio(rowAlong, rowEnergy, Scales.Row![k]);
        }

        Scales = new Scales(row, column);
    }

    /// <summary>sum h[k] (w - w~)², in double precision, with exactly the scales and tables held now.</summary>
    public double SquaredError() => SquaredError(0, Columns);

    private double SquaredError(int begin, int end)
    {
        double total = 0;
        ReadOnlySpan<float> w = _w.Span;
        double[] gamma = Scales.Column;
        for (int k = 0; k < Rows; k++)
        {
            double rho = Scales.RowAt(k);
            double sum = 0;
            ReadOnlySpan<float> line = w.Slice(k * Columns, Columns);
            SumRow(k, begin, end);
            for (int n = begin; n < end; n++)
            {
                double error = line[n] - (_sums[n] * rho * gamma[n]);
                sum += error * error;
            }

            total += _importance[k] * sum;
        }

        return total;
    }

    /// <summary>
    /// sum (w - w~)² over sum w², and the same with every row's sums multiplied by h[k]; 0 for weights of zeros.
    /// </summary>
    public (double Plain, double Weighted) RelativeErrors()
    {
        (double error, double energy, double weightedError, double weightedEnergy) = (0, 0, 0, 0);
        for (int k = 0; k < Rows; k++)
        {
            (double rowError, double rowEnergy) = (0, 0);
            double rho = Scales.RowAt(k);
            ReadOnlySpan<float> line = _w.Span.Slice(k * Columns, Columns);
            SumRow(k, 0, Columns);
            for (int n = 0; n < Columns; n++)
            {
                double difference = line[n] - (_sums[n] * rho * Scales.Column[n]);
                rowError += difference * difference;
                rowEnergy += (double)line[n] * line[n];
            }

            (error, energy) = (error + rowError, energy + rowEnergy);
            (weightedError, weightedEnergy) =
                (weightedError + (_importance[k] * rowError), weightedEnergy + (_importance[k] * rowEnergy));
        }

        return (energy > 0 ? error / energy : 0, weightedEnergy > 0 ? weightedError / weightedEnergy : 0);
    }

    /// <summary>The normalised weights of a column without the metric, and its present codes, both [K].</summary>
    public void LoadColumn(int column, Span<float> x, Span<byte> codes)
    {
        double inverse = Scales.Inverse(Scales.Column[column]);
        for (int k = 0; k < Rows; k++)
        {
            int i = (k * Columns) + column;
            x[k] = (float)Math.Clamp(
                (_w.Span[i] * Scales.Inverse(Scales.RowAt(k)) * inverse) - (_field is null ? 0 : _field[i]),
                -Farthest,
                Farthest);
            codes[k] = Codes[i];
        }
    }

    /// <summary>Sets the codes of a column.</summary>
    public void StoreColumn(int column, ReadOnlySpan<byte> codes)
    {
        for (int k = 0; k < Rows; k++)
        {
            Codes[(k * Columns) + column] = codes[k];
        }
    }

    /// <summary>The metric's value; 0 without one.</summary>
    public float FieldAt(int row, int column) => _field is null ? 0 : (float)_field[(row * Columns) + column];

    /// <summary>W~, row-major [K, N], in double precision.</summary>
    public double[] Decode()
    {
        double[] decoded = new double[(long)Rows * Columns];
        for (int k = 0; k < Rows; k++)
        {
            double rho = Scales.RowAt(k);
            SumRow(k, 0, Columns);
            for (int n = 0; n < Columns; n++)
            {
                decoded[(k * Columns) + n] = _sums[n] * rho * Scales.Column[n];
            }
        }

        return decoded;
    }

    /// <summary>metric + code of a row's columns from begin to end, into <see cref="_sums"/>.</summary>
    private void SumRow(int row, int begin, int end)
    {
        Span<double> sums = _sums.AsSpan(begin, end - begin);
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

    private void PrepareRows()
    {
        double mean = 0;
        for (int k = 0; k < Rows; k++)
        {
            double rho = Scales.RowAt(k);
            mean += rho * rho * _importance[k] / Rows;
            _inverseRows[k] = Scales.Inverse(rho);
        }

        for (int k = 0; k < Rows; k++)
        {
            double weight = Scales.RowAt(k) * Scales.RowAt(k) * _importance[k];
            _rowWeights[k] = (float)Math.Clamp(mean > 0 ? weight / mean : 1, 1 / WeightRange, WeightRange);
        }
    }

    private void LoadBlock(int block)
    {
        ReadOnlySpan<float> w = _w.Span;
        int column = block * TrellisEncoder.Lanes;
        int count = Math.Min(TrellisEncoder.Lanes, Columns - column);
        Span<double> inverse = stackalloc double[TrellisEncoder.Lanes];
        for (int lane = 0; lane < count; lane++)
        {
            inverse[lane] = Scales.Inverse(Scales.Column[column + lane]);
        }

        for (int k = 0; k < Rows; k++)
        {
            ReadOnlySpan<float> source = w.Slice((k * Columns) + column, count);
            Span<float> target = _block.AsSpan(k * TrellisEncoder.Lanes, TrellisEncoder.Lanes);
            for (int lane = 0; lane < count; lane++)
            {
                double metric = _field is null ? 0 : _field[(k * Columns) + column + lane];
                target[lane] = (float)((source[lane] * _inverseRows[k] * inverse[lane]) - metric);
            }

            target[count..].Clear();
        }
    }

    private void StoreBlock(int block)
    {
        int column = block * TrellisEncoder.Lanes;
        int count = Math.Min(TrellisEncoder.Lanes, Columns - column);
        for (int k = 0; k < Rows; k++)
        {
            _blockCodes.AsSpan(k * TrellisEncoder.Lanes, count).CopyTo(Codes.AsSpan((k * Columns) + column));
        }
    }

    private void AddStatistics(TableStatistics? statistics, int block)
    {
        int column = block * TrellisEncoder.Lanes;
        double largest = statistics is null ? 0 : Scales.Column.Max();
        for (int lane = 0;
            statistics is not null && largest > 0 && lane < TrellisEncoder.Lanes && column + lane < Columns;
            lane++)
        {
            double weight = Scales.Column[column + lane] / largest;
            statistics.Add(_blockCodes, _block, lane, TrellisEncoder.Lanes, _rowWeights, weight * weight);
        }
    }
}

using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// A weight in the middle of its fit: scales, tables and codes, and the steps that improve one of them with the others
/// fixed. No step raises the error sum h[k] (w - rho gamma (metric + code))² but by rounding and by the encoder's chunk
/// ends.
/// </summary>
internal sealed partial class CodedMatrix
{
    /// <summary>
    /// Rows much lighter than the mean still decide their codes: weights stay within this factor of it.
    /// </summary>
    private const double WeightRange = 1e6;

    /// <summary>No code comes near to this; squares and their sums stay finite in float32.</summary>
    private const double Farthest = 1e9;

    /// <summary>Statistics of tables are added up from so many blocks at a time, which are loaded before.</summary>
    private const int LoadedBlocks = 16;

    private readonly ReadOnlyMemory<float> _w;
    private readonly double[] _importance;
    private readonly double[]? _field;
    private readonly IWorkers _workers;
    private readonly float[] _rowWeights;
    private readonly double[] _inverseRows;

    /// <summary>Prepares a fit.</summary>
    /// <param name="w">Row-major [K, N].</param>
    /// <param name="importance">h [K], how much a squared error in each row counts; not negative.</param>
    /// <param name="scales">Scales to start from, which also say N.</param>
    /// <param name="tables">Tables to start from.</param>
    /// <param name="workers">The threads of the steps; their results are the same for any number.</param>
    /// <param name="field">The metric that the codes add to, row-major [K, N], or null for none.</param>
    public CodedMatrix(
        ReadOnlyMemory<float> w, double[] importance, Scales scales, AdditiveTables tables, IWorkers workers,
        double[]? field = null)
    {
        (int rows, int columns) = (importance.Length, scales.Column.Length);
        (_w, _importance, _field, _workers, Rows, Columns, Scales, Tables) =
            (w, importance, field, workers, rows, columns, scales, tables);
        _rowWeights = new float[rows];
        _inverseRows = new double[rows];
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

    /// <summary>Encodes the blocks first, first + step, ...</summary>
    /// <param name="coders">Room for coders of this matrix's rows and its tables' bits and taps.</param>
    /// <param name="first">The first block.</param>
    /// <param name="step">From one block to the next.</param>
    /// <param name="beforeBlock">Called before every block, from any thread.</param>
    /// <param name="statistics">Gets the blocks added, or null.</param>
    /// <returns>The squared error of these blocks.</returns>
    public double Encode(
        ScratchPool<BlockCoder> coders, int first, int step, Action beforeBlock, TableStatistics? statistics = null)
    {
        PrepareRows();
        ScalarEncoder? scalar = Tables.Taps > 1 ? null : new ScalarEncoder(Tables.Values);
        double[] errors = new double[Math.Max(0, (Blocks - first + step - 1) / step)];
        _workers.For(errors.Length, coders, (i, coder) =>
        {
            beforeBlock();
            int block = first + (i * step);
            LoadBlock(block, coder);
            coder.Encode(Tables, scalar, _rowWeights);
            StoreBlock(block, coder);
            errors[i] = SquaredError(
                block * TrellisEncoder.Lanes, Math.Min(Columns, (block + 1) * TrellisEncoder.Lanes), coder.Sums);
        });
        AddStatistics(statistics, first, step);
        double error = 0;
        foreach (double part in errors)
        {
            error += part;
        }

        return error;
    }

    /// <summary>The tables of least error for the present codes and scales, over all columns.</summary>
    public void RefitTables()
    {
        PrepareRows();
        TableStatistics statistics = new(Tables.Bits, Tables.Taps);
        AddStatistics(statistics, 0, 1);
        Tables = statistics.Solve(Tables);
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

    private void LoadBlock(int block, CodeBlock to)
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
            Span<float> target = to.Values.AsSpan(k * TrellisEncoder.Lanes, TrellisEncoder.Lanes);
            for (int lane = 0; lane < count; lane++)
            {
                double metric = _field is null ? 0 : _field[(k * Columns) + column + lane];
                target[lane] = (float)((source[lane] * _inverseRows[k] * inverse[lane]) - metric);
            }

            target[count..].Clear();
        }
    }

    private void StoreBlock(int block, CodeBlock from)
    {
        int column = block * TrellisEncoder.Lanes;
        int count = Math.Min(TrellisEncoder.Lanes, Columns - column);
        for (int k = 0; k < Rows; k++)
        {
            from.Codes.AsSpan(k * TrellisEncoder.Lanes, count).CopyTo(Codes.AsSpan((k * Columns) + column));
        }
    }

    private void LoadCodes(int block, CodeBlock to)
    {
        int column = block * TrellisEncoder.Lanes;
        int count = Math.Min(TrellisEncoder.Lanes, Columns - column);
        for (int k = 0; k < Rows; k++)
        {
            Codes.AsSpan((k * Columns) + column, count).CopyTo(to.Codes.AsSpan(k * TrellisEncoder.Lanes));
        }
    }

    /// <summary>
    /// Adds the blocks first, first + step, ... in their order: sums of each tap are added up by one thread, whatever
    /// their number.
    /// </summary>
    private void AddStatistics(TableStatistics? statistics, int first, int step)
    {
        double largest = statistics is null ? 0 : Scales.Column.Max();
        if (!(largest > 0))
        {
            return;
        }

        CodeBlock[] loaded = [];
        for (int block = first; block < Blocks; block += LoadedBlocks * step)
        {
            int begin = block;
            int count = Math.Min(LoadedBlocks, (Blocks - begin + step - 1) / step);
            loaded = loaded.Length > 0
                ? loaded
                : [.. Enumerable.Range(0, count).Select(_ => new CodeBlock(Rows))];
            _workers.For(count, i =>
            {
                LoadBlock(begin + (i * step), loaded[i]);
                LoadCodes(begin + (i * step), loaded[i]);
            });
            _workers.For(Tables.Taps, item =>
            {
                int tap = Tables.Taps - 1 - item;
                for (int i = 0; i < count; i++)
                {
                    AddStatistics(statistics!, begin + (i * step), loaded[i], tap, largest);
                }
            });
        }
    }

    private void AddStatistics(TableStatistics statistics, int block, CodeBlock from, int tap, double largest)
    {
        int column = block * TrellisEncoder.Lanes;
        for (int lane = 0; lane < TrellisEncoder.Lanes && column + lane < Columns; lane++)
        {
            double weight = Scales.Column[column + lane] / largest;
            statistics.AddTap(tap, from.Codes, from.Values, lane, TrellisEncoder.Lanes, _rowWeights, weight * weight);
        }
    }
}

using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// The steps of a fit under a full H, each exact in H: codes by <see cref="BeamEncoder"/> and
/// <see cref="CodeDescent"/>, column scales, tables. Works in the units of the codes, x = w / (rho gamma) - metric,
/// where H becomes rho[i] H[i,j] rho[j]. docs/derivations/error-feedback.md.
/// </summary>
internal sealed class FeedbackCoder
{
    /// <summary>The tables have at most 256 numbers a tap: so many columns determine them many times over.</summary>
    private const int TableColumns = 64;

    /// <summary>Rows of nearly no weight are still coded like the others.</summary>
    private const double MinWeight = 1e-6;

    /// <summary>
    /// A row this much finer than an earlier one cannot make up for it: its codes are at their end long before, and
    /// float32 need not overflow.
    /// </summary>
    private const double LargestFeedback = 1e4;

    /// <summary>Entries of the tables whose equations are added up by one thread.</summary>
    private const int EntriesOfItem = 8;

    private const int RowsOfItem = 32;

    private readonly CodedMatrix _matrix;
    private readonly Hessian _weight;
    private readonly IWorkers _workers;
    private float[] _scaled = [];
    private float[] _lower = [];
    private float[] _diagonal = [];

    public FeedbackCoder(CodedMatrix matrix, Hessian weight, IWorkers workers)
    {
        (_matrix, _weight, _workers) = (matrix, weight, workers);
        Rescale();
    }

    /// <summary>Takes over the row scales of the matrix.</summary>
    public void Rescale()
    {
        int rows = _matrix.Rows;
        FeedbackFactor factor = _weight.FactorBy(_workers);
        double[] rho = [.. Enumerable.Range(0, rows).Select(_matrix.Scales.RowAt)];
        double mean = 0;
        for (int k = 0; k < rows; k++)
        {
            mean += rho[k] * rho[k] / rows;
        }

        double unit = mean > 0 ? 1 / mean : 1;
        _scaled = new float[rows * rows];
        _lower = new float[rows * rows];
        _diagonal = new float[rows];
        _workers.ForRanges(rows, RowsOfItem, (begin, end) =>
        {
            for (int i = begin; i < end; i++)
            {
                double inverse = Scales.Inverse(rho[i]);
                for (int j = 0; j < rows; j++)
                {
                    _scaled[(i * rows) + j] = (float)(rho[i] * rho[j] * unit * _weight.Values[(i * rows) + j]);
                    _lower[(i * rows) + j] = (float)Math.Clamp(
                        factor.Lower[(i * rows) + j] * rho[j] * inverse, -LargestFeedback, LargestFeedback);
                }

                _diagonal[i] = (float)Math.Max(factor.Diagonal[i] * rho[i] * rho[i] * unit, MinWeight);
            }
        });
    }

    /// <summary>
    /// New codes for every column: the better of the beam's and the present ones, both improved code by code, so that
    /// no column's error rises.
    /// </summary>
    /// <param name="advance">Called with shares of the work, from any thread.</param>
    public void Encode(Action<double> advance) =>
        _workers.For(_matrix.Columns, () => new Room(_matrix.Tables, _scaled, _matrix.Rows), (n, room) =>
        {
            _matrix.LoadColumn(n, room.X, room.Present);
            double before = Improve(room, room.Present);
            room.Beam.Encode(room.X, _lower, _diagonal, room.Codes);
            double after = Improve(room, room.Codes);
            _matrix.StoreColumn(n, after < before ? room.Codes : room.Present);
            advance(1.0 / _matrix.Columns);
        });

    /// <summary>
    /// The column scales of least weighted error for the present codes. One that would not be positive stays.
    /// </summary>
    public void RefitColumns()
    {
        double[] column = (double[])_matrix.Scales.Column.Clone();
        _workers.For(column.Length, () => new Room(_matrix.Tables, _scaled, _matrix.Rows), (n, room) =>
        {
            (float[] x, float[] errors, float[] product) = (room.X, room.Errors, room.Product);
            _matrix.LoadColumn(n, x, room.Codes);
            Errors(x, room.Codes, errors);

            // x loses the metric, so the target is x + metric and the model is that without the errors.
            for (int k = 0; k < x.Length; k++)
            {
                x[k] += _matrix.FieldAt(k, n);
                errors[k] = x[k] - errors[k];
            }

            (double along, double energy) = (0, 0);
            Multiply(errors, product);
            for (int k = 0; k < x.Length; k++)
            {
                along += (double)product[k] * x[k];
                energy += (double)product[k] * errors[k];
            }

            double ratio = along / energy;
            column[n] *= ratio > 0 && double.IsFinite(ratio) ? ratio : 1;
        });
        _matrix.Scales = new Scales(_matrix.Scales.Row, column);
    }

    /// <summary>The tables of least weighted error for the present codes, from some of the columns.</summary>
    public void RefitTables()
    {
        AdditiveTables tables = _matrix.Tables;
        int rows = _matrix.Rows;
        int size = tables.Values.Length;
        double[] normal = new double[size * size];
        double[] right = new double[size];
        double largest = _matrix.Scales.Column.Max();
        int step = Math.Max(1, _matrix.Columns / TableColumns);
        int count = largest > 0 ? (_matrix.Columns + step - 1) / step : 0;
        float[][] products = new float[count][];
        byte[][] codes = new byte[count][];
        _workers.For(count, i =>
        {
            float[] x = new float[rows];
            (products[i], codes[i]) = (new float[rows], new byte[rows]);
            _matrix.LoadColumn(i * step, x, codes[i]);
            Multiply(x, products[i]);
        });

        // Each entry's equation is added up over all columns in their order by one thread.
        _workers.ForRanges(size, EntriesOfItem, (begin, end) =>
        {
            float[] folded = new float[(end - begin) * rows];
            for (int i = 0; i < count; i++)
            {
                double weight = _matrix.Scales.Column[i * step] / largest;
                AddEquations(codes[i], products[i], weight * weight, begin, folded, normal, right);
            }
        });
        _matrix.Tables = TableStatistics.Solve(normal, right, tables);
    }

    /// <summary>
    /// folded = Aᵀ H with A [K, size] the 0/1 choice of table entries; then Aᵀ H A and Aᵀ H x, of some entries.
    /// </summary>
    private void AddEquations(
        byte[] codes, float[] product, double weight, int begin, float[] folded, double[] normal, double[] right)
    {
        AdditiveTables tables = _matrix.Tables;
        int rows = codes.Length;
        int entries = folded.Length / rows;
        Array.Clear(folded);
        for (int k = 0; k < rows; k++)
        {
            for (int t = 0; t < tables.Taps && t <= k; t++)
            {
                int entry = (t * tables.Levels) + codes[k - t] - begin;
                if ((uint)entry < (uint)entries)
                {
                    Lines.AddScaled(folded.AsSpan(entry * rows, rows), 1f, _scaled.AsSpan(k * rows, rows));
                    right[begin + entry] += weight * product[k];
                }
            }
        }

        for (int entry = 0; entry < entries; entry++)
        {
            ReadOnlySpan<float> line = folded.AsSpan(entry * rows, rows);
            Span<double> equation = normal.AsSpan((begin + entry) * right.Length, right.Length);
            for (int k = 0; k < rows; k++)
            {
                for (int t = 0; t < tables.Taps && t <= k; t++)
                {
                    equation[(t * tables.Levels) + codes[k - t]] += weight * line[k];
                }
            }
        }
    }

    private double Improve(Room room, byte[] codes)
    {
        Errors(room.X, codes, room.Errors);
        return room.Descent.Improve(room.Errors, codes);
    }

    private void Errors(float[] x, byte[] codes, float[] errors)
    {
        for (int k = 0; k < x.Length; k++)
        {
            errors[k] = (float)(x[k] - _matrix.Tables.Sum(codes, k, 0, 1));
        }
    }

    private void Multiply(float[] vector, float[] product)
    {
        int rows = vector.Length;
        for (int k = 0; k < rows; k++)
        {
            product[k] = Dot.InType<float>(_scaled.AsSpan(k * rows, rows), vector);
        }
    }

    /// <summary>What one thread needs to work on columns.</summary>
    private sealed class Room(AdditiveTables tables, float[] scaled, int rows)
    {
        private BeamEncoder? _beam;
        private CodeDescent? _descent;

        public BeamEncoder Beam => _beam ??= new BeamEncoder(tables, rows);

        public CodeDescent Descent => _descent ??= new CodeDescent(tables, scaled);

        public float[] X { get; } = new float[rows];

        public float[] Errors { get; } = new float[rows];

        public float[] Product { get; } = new float[rows];

        public byte[] Present { get; } = new byte[rows];

        public byte[] Codes { get; } = new byte[rows];
    }
}

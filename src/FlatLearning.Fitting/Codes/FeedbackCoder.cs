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

    private readonly CodedMatrix _matrix;
    private readonly Hessian _weight;
    private float[] _scaled = [];
    private float[] _lower = [];
    private float[] _diagonal = [];

    public FeedbackCoder(CodedMatrix matrix, Hessian weight)
    {
        (_matrix, _weight) = (matrix, weight);
        Rescale();
    }

    /// <summary>Takes over the row scales of the matrix.</summary>
    public void Rescale()
    {
        int rows = _matrix.Rows;
        FeedbackFactor factor = _weight.Factor;
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
        for (int i = 0; i < rows; i++)
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
    }

    /// <summary>
    /// New codes for every column: the better of the beam's and the present ones, both improved code by code, so that
    /// no column's error rises.
    /// </summary>
    public void Encode(Action<double> advance)
    {
        int rows = _matrix.Rows;
        BeamEncoder beam = new(_matrix.Tables, rows);
        CodeDescent descent = new(_matrix.Tables, _scaled);
        float[] x = new float[rows];
        float[] errors = new float[rows];
        byte[] present = new byte[rows];
        byte[] codes = new byte[rows];
        for (int n = 0; n < _matrix.Columns; n++)
        {
            _matrix.LoadColumn(n, x, present);
            double before = Improve(descent, x, present, errors);
            beam.Encode(x, _lower, _diagonal, codes);
            double after = Improve(descent, x, codes, errors);
            _matrix.StoreColumn(n, after < before ? codes : present);
            advance(1.0 / _matrix.Columns);
        }
    }

    /// <summary>
    /// The column scales of least weighted error for the present codes. One that would not be positive stays.
    /// </summary>
    public void RefitColumns()
    {
        int rows = _matrix.Rows;
        float[] x = new float[rows];
        byte[] codes = new byte[rows];
        float[] errors = new float[rows];
        float[] product = new float[rows];
        double[] column = (double[])_matrix.Scales.Column.Clone();
        for (int n = 0; n < column.Length; n++)
        {
            _matrix.LoadColumn(n, x, codes);
            Errors(x, codes, errors);

            // x loses the metric, so the target is x + metric and the model is that without the errors.
            for (int k = 0; k < rows; k++)
            {
                x[k] += _matrix.FieldAt(k, n);
                errors[k] = x[k] - errors[k];
            }

            (double along, double energy) = (0, 0);
            Multiply(errors, product);
            for (int k = 0; k < rows; k++)
            {
                along += (double)product[k] * x[k];
                energy += (double)product[k] * errors[k];
            }

            double ratio = along / energy;
            column[n] *= ratio > 0 && double.IsFinite(ratio) ? ratio : 1;
        }

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
        float[] x = new float[rows];
        float[] product = new float[rows];
        byte[] codes = new byte[rows];
        float[] folded = new float[size * rows];
        double largest = _matrix.Scales.Column.Max();
        int step = Math.Max(1, _matrix.Columns / TableColumns);
        for (int n = 0; largest > 0 && n < _matrix.Columns; n += step)
        {
            double weight = _matrix.Scales.Column[n] / largest;
            _matrix.LoadColumn(n, x, codes);
            Multiply(x, product);

            // folded = Aᵀ H with A [K, size] the 0/1 choice of table entries; then Aᵀ H A and Aᵀ H x.
            Array.Clear(folded);
            for (int k = 0; k < rows; k++)
            {
                for (int t = 0; t < tables.Taps && t <= k; t++)
                {
                    int entry = (t * tables.Levels) + codes[k - t];
                    Lines.AddScaled(folded.AsSpan(entry * rows, rows), 1f, _scaled.AsSpan(k * rows, rows));
                    right[entry] += weight * weight * product[k];
                }
            }

            for (int entry = 0; entry < size; entry++)
            {
                ReadOnlySpan<float> line = folded.AsSpan(entry * rows, rows);
                for (int k = 0; k < rows; k++)
                {
                    for (int t = 0; t < tables.Taps && t <= k; t++)
                    {
                        normal[(entry * size) + (t * tables.Levels) + codes[k - t]] += weight * weight * line[k];
                    }
                }
            }
        }

        _matrix.Tables = TableStatistics.Solve(normal, right, tables);
    }

    private double Improve(CodeDescent descent, float[] x, byte[] codes, float[] errors)
    {
        Errors(x, codes, errors);
        return descent.Improve(errors, codes);
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
            product[k] = Lines.Dot<float>(_scaled.AsSpan(k * rows, rows), vector);
        }
    }
}

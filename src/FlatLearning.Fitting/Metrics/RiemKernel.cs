using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// Residuals of a RieM fit and products with their Jacobian J, without ever storing J: docs/derivations/riem-jacobian.md.
/// One call costs about K·N·R·M evaluations of a sigmoid. float32, sums over the matrix in double; single-threaded and deterministic.
/// </summary>
/// <remarks>
/// exp(-(a_k + b_n)) = exp(-a_k)·exp(-b_n), so an evaluation is a product, a sum and a division, and exponentials are only
/// taken per row and per column. Arguments are cut at ±<see cref="ArgumentLimit"/>, where float32's sigmoid has long been 0 or 1.
/// </remarks>
internal sealed class RiemKernel
{
    /// <summary>Two such arguments still have a finite product of exponentials in float32.</summary>
    private const float ArgumentLimit = 40f;

    private const int Lanes = RiemShape.Lanes;
    private readonly RiemShape _shape;
    private readonly float[] _target;
    private readonly float[] _rotated;
    private readonly float[] _rowPanel;
    private readonly float[] _columnPanel;
    private readonly float[] _expRows;
    private readonly float[] _expColumns;
    private readonly float[] _rowGradient;
    private readonly float[] _columnGradient;
    private readonly float[] _slopes;
    private readonly float[] _sums;
    private readonly float[] _lanes;
    private float[] _theta = [];

    /// <summary>Prepares for a target X, row-major [rows, columns].</summary>
    public RiemKernel(RiemShape shape, ReadOnlySpan<float> target)
    {
        _shape = shape;
        _target = new float[shape.Rows * shape.PaddedColumns];
        for (int k = 0; k < shape.Rows; k++)
        {
            target.Slice(k * shape.Columns, shape.Columns).CopyTo(_target.AsSpan(k * shape.PaddedColumns));
        }

        int f = shape.Features;
        _rotated = new float[f * shape.StateDim];
        _rowPanel = new float[f * shape.PaddedRows];
        _columnPanel = new float[f * shape.PaddedColumns];
        _expRows = new float[f * shape.Rows];
        _expColumns = new float[f * shape.PaddedColumns];
        _rowGradient = new float[f * shape.PaddedRows];
        _columnGradient = new float[f * shape.PaddedColumns];
        _slopes = new float[f * Lanes];
        _sums = new float[(shape.Width + 1) * Lanes];
        _lanes = new float[f * Lanes];
        Residuals = new float[_target.Length];
    }

    /// <summary>metric - X, row-major [rows, columns padded], as of the last <see cref="Evaluate"/>; padding is 0.</summary>
    public float[] Residuals { get; }

    /// <summary>X, row-major [rows, columns padded with 0].</summary>
    public float[] Target => _target;

    /// <summary>How many times the matrix was run through.</summary>
    public long Passes { get; private set; }

    /// <summary>Sets the point of linearisation and computes the residuals there. Returns half their squared norm.</summary>
    public double Evaluate(float[] theta)
    {
        Passes++;
        _theta = theta;
        Linearise(theta);
        double total = 0;
        for (int k = 0; k < _shape.Rows; k++)
        {
            double line = 0;
            for (int n = 0; n < _shape.PaddedColumns; n += Lanes)
            {
                LoadTile(k, n);
                Vector512<float> value = Vector512.Create(theta[_shape.Beta]);
                for (int m = 0; m < _shape.Width; m++)
                {
                    value = Vector512.FusedMultiplyAdd(Vector512.Create(theta[_shape.V + m]), Vector512.LoadUnsafe(ref _sums[m * Lanes]), value);
                }

                int at = (k * _shape.PaddedColumns) + n;
                Vector512<float> residual = (value - Vector512.LoadUnsafe(ref _target[at])) * Mask(n);
                residual.StoreUnsafe(ref Residuals[at]);
                line += Vector512.Sum(residual * residual);
            }

            total += line;
        }

        return total / 2;
    }

    /// <summary>
    /// Flattens features whose argument spans more than ±<paramref name="limit"/> around its centre over the rows and over the columns: the whole
    /// argument is scaled, so that its zeros stay. Beyond such a span a sigmoid is a step, which needs no steepness, while its expansion in
    /// Chebyshev polynomials (docs/decisions/0003-portable-function.md) needs terms in proportion to the span. Call after
    /// <see cref="Evaluate"/> of the same theta; evaluate again where it returns true.
    /// </summary>
    public bool Flatten(float[] theta, float limit)
    {
        RiemShape s = _shape;
        float[] rows = HalfSpans(_rowPanel, s.Rows, s.PaddedRows);
        float[] columns = HalfSpans(_columnPanel, s.Columns, s.PaddedColumns);
        float[] narrower = rows.Max() <= columns.Max() ? rows : columns;
        bool changed = false;
        for (int f = 0; f < s.Features; f++)
        {
            if (narrower[f] > limit)
            {
                float scale = limit / narrower[f];
                changed = true;
                theta[s.C + f] *= scale;
                for (int i = 0; i < s.StateDim; i++)
                {
                    theta[s.A + (f * s.StateDim) + i] *= scale;
                }
            }
        }

        return changed;
    }

    private float[] HalfSpans(float[] panel, int count, int padded)
    {
        float[] spans = new float[_shape.Features];
        for (int f = 0; f < spans.Length; f++)
        {
            (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
            foreach (float value in panel.AsSpan(f * padded, count))
            {
                (least, most) = (MathF.Min(least, value), MathF.Max(most, value));
            }

            spans[f] = (most - least) / 2;
        }

        return spans;
    }

    /// <summary>result = Jᵀ y for y laid out like the residuals.</summary>
    public void Transposed(float[] y, float[] result) => Run(null, y, result);

    /// <summary>result = Jᵀ J direction.</summary>
    public void GaussNewton(float[] direction, float[] result) => Run(direction, null, result);

    /// <summary>
    /// Adds the normal equations of v and beta for the present states and features: <paramref name="normal"/> [M+1, M+1] (lower triangle)
    /// and <paramref name="right"/> [M+1], beta last.
    /// </summary>
    public void AddLinearEquations(double[] normal, double[] right)
    {
        Passes++;
        int size = _shape.Width + 1;
        for (int k = 0; k < _shape.Rows; k++)
        {
            for (int n = 0; n < _shape.PaddedColumns; n += Lanes)
            {
                LoadTile(k, n);
                Vector512<float> mask = Mask(n);
                Vector512.Create(1f).StoreUnsafe(ref _sums[_shape.Width * Lanes]);
                Vector512<float> target = Vector512.LoadUnsafe(ref _target[(k * _shape.PaddedColumns) + n]);
                for (int i = 0; i < size; i++)
                {
                    Vector512<float> masked = Vector512.LoadUnsafe(ref _sums[i * Lanes]) * mask;
                    right[i] += Vector512.Sum(masked * target);
                    for (int j = 0; j <= i; j++)
                    {
                        normal[(i * size) + j] += Vector512.Sum(masked * Vector512.LoadUnsafe(ref _sums[j * Lanes]));
                    }
                }
            }
        }
    }

    /// <summary>With a direction u = J·direction, else u = y; then result = Jᵀ u.</summary>
    private void Run(float[]? direction, float[]? y, float[] result)
    {
        Passes++;
        RiemShape s = _shape;
        if (direction is not null)
        {
            ProjectDirection(direction);
        }

        Array.Clear(_rowGradient);
        Array.Clear(_columnGradient);
        Array.Clear(result);
        double[] linear = new double[s.Width + 1];
        for (int k = 0; k < s.Rows; k++)
        {
            Array.Clear(_lanes);
            for (int n = 0; n < s.PaddedColumns; n += Lanes)
            {
                LoadTile(k, n);
                Vector512<float> u = direction is null
                    ? Vector512.LoadUnsafe(ref y![(k * s.PaddedColumns) + n])
                    : Forward(direction, k, n) * Mask(n);
                for (int f = 0; f < s.Features; f++)
                {
                    Vector512<float> g = Vector512.LoadUnsafe(ref _slopes[f * Lanes]) * u;
                    (Vector512.LoadUnsafe(ref _lanes[f * Lanes]) + g).StoreUnsafe(ref _lanes[f * Lanes]);
                    ref float column = ref _columnGradient[(f * s.PaddedColumns) + n];
                    (Vector512.LoadUnsafe(ref column) + g).StoreUnsafe(ref column);
                }

                for (int m = 0; m < s.Width; m++)
                {
                    linear[m] += Vector512.Sum(Vector512.LoadUnsafe(ref _sums[m * Lanes]) * u);
                }

                linear[s.Width] += Vector512.Sum(u);
            }

            for (int f = 0; f < s.Features; f++)
            {
                _rowGradient[(f * s.PaddedRows) + k] = Vector512.Sum(Vector512.LoadUnsafe(ref _lanes[f * Lanes]));
            }
        }

        BackProject(result, linear);
    }

    /// <summary>Sigmoids of one row and sixteen columns: slopes v·sigmoid' per feature, and the sums over shifts per v.</summary>
    private void LoadTile(int k, int n)
    {
        RiemShape s = _shape;
        Vector512<float> one = Vector512.Create(1f);
        ref float rows = ref _expRows[k * s.Features];
        ref float columns = ref _expColumns[n];
        for (int m = 0; m < s.Width; m++)
        {
            Vector512<float> weight = Vector512.Create(_theta[s.V + m]);
            Vector512<float> sum = Vector512<float>.Zero;
            for (int f = m; f < s.Features; f += s.Width)
            {
                Vector512<float> e = Vector512.Create(Unsafe.Add(ref rows, f)) * Vector512.LoadUnsafe(ref columns, (nuint)(f * s.PaddedColumns));
                Vector512<float> sigmoid = one / (one + e);
                (weight * e * sigmoid * sigmoid).StoreUnsafe(ref _slopes[f * Lanes]);
                sum += sigmoid;
            }

            sum.StoreUnsafe(ref _sums[m * Lanes]);
        }
    }

    private Vector512<float> Forward(float[] direction, int k, int n)
    {
        RiemShape s = _shape;
        Vector512<float> u = Vector512.Create(direction[s.Beta]);
        for (int f = 0; f < s.Features; f++)
        {
            Vector512<float> change = Vector512.Create(_rowPanel[(f * s.PaddedRows) + k]) + Vector512.LoadUnsafe(ref _columnPanel[(f * s.PaddedColumns) + n]);
            u = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref _slopes[f * Lanes]), change, u);
        }

        for (int m = 0; m < s.Width; m++)
        {
            u = Vector512.FusedMultiplyAdd(Vector512.Create(direction[s.V + m]), Vector512.LoadUnsafe(ref _sums[m * Lanes]), u);
        }

        return u;
    }

    private void Linearise(float[] theta)
    {
        RiemShape s = _shape;
        Arguments(theta, theta, theta, _rotated);
        for (int f = 0; f < s.Features; f++)
        {
            for (int k = 0; k < s.Rows; k++)
            {
                _expRows[(k * s.Features) + f] = MathF.Exp(-Math.Clamp(_rowPanel[(f * s.PaddedRows) + k], -ArgumentLimit, ArgumentLimit));
            }

            for (int n = 0; n < s.PaddedColumns; n++)
            {
                int at = (f * s.PaddedColumns) + n;
                _expColumns[at] = MathF.Exp(-Math.Clamp(_columnPanel[at], -ArgumentLimit, ArgumentLimit));
            }
        }
    }

    /// <summary>Changes of the arguments: d(A p + c) = dA p + A dp + dc and d(B q) = dB q + B dq.</summary>
    private void ProjectDirection(float[] direction)
    {
        float[] rotated = new float[_rotated.Length];
        Arguments(_theta, direction, direction, rotated);
        RiemShape s = _shape;
        Panels.AddProduct(_theta.AsSpan(s.A, s.C - s.A), direction.AsSpan(0, s.Q), _rowPanel, s.StateDim, s.PaddedRows);
        Panels.AddProduct(_rotated, direction.AsSpan(s.Q, s.A - s.Q), _columnPanel, s.StateDim, s.PaddedColumns);
    }

    /// <summary>_rowPanel = A P + c, _columnPanel = B Q, with states, matrix and bias each from a vector of theta's layout.</summary>
    private void Arguments(float[] states, float[] matrix, float[] bias, float[] rotated)
    {
        RiemShape s = _shape;
        ReadOnlySpan<float> a = matrix.AsSpan(s.A, s.C - s.A);
        s.Rotate(a, rotated);
        for (int f = 0; f < s.Features; f++)
        {
            _rowPanel.AsSpan(f * s.PaddedRows, s.PaddedRows).Fill(bias[s.C + f]);
        }

        Array.Clear(_columnPanel);
        Panels.AddProduct(a, states.AsSpan(0, s.Q), _rowPanel, s.StateDim, s.PaddedRows);
        Panels.AddProduct(rotated, states.AsSpan(s.Q, s.A - s.Q), _columnPanel, s.StateDim, s.PaddedColumns);
    }

    private void BackProject(float[] result, double[] linear)
    {
        RiemShape s = _shape;
        ReadOnlySpan<float> a = _theta.AsSpan(s.A, s.C - s.A);
        Panels.AddTransposedProduct(a, _rowGradient, result.AsSpan(0, s.Q), s.StateDim, s.PaddedRows);
        Panels.AddTransposedProduct(_rotated, _columnGradient, result.AsSpan(s.Q, s.A - s.Q), s.StateDim, s.PaddedColumns);
        Panels.AddInner(_rowGradient, _theta.AsSpan(0, s.Q), result.AsSpan(s.A, s.C - s.A), s.PaddedRows);
        float[] b = new float[_rotated.Length];
        Panels.AddInner(_columnGradient, _theta.AsSpan(s.Q, s.A - s.Q), b, s.PaddedColumns);
        s.AddRotatedBack(b, result.AsSpan(s.A, s.C - s.A));
        for (int f = 0; f < s.Features; f++)
        {
            float sum = 0;
            foreach (float g in _rowGradient.AsSpan(f * s.PaddedRows, s.PaddedRows))
            {
                sum += g;
            }

            result[s.C + f] = sum;
        }

        for (int m = 0; m <= s.Width; m++)
        {
            result[s.V + m] = (float)linear[m];
        }
    }

    private Vector512<float> Mask(int n) =>
        Vector512.LessThan(Vector512.Create(n) + Vector512<int>.Indices, Vector512.Create(_shape.Columns)).AsSingle()
        & Vector512.Create(1f);
}

using FlatLearning.Fitting.LeastSquares;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>A RieM fit, or a part of it with other unknowns held fixed, as a least-squares problem.</summary>
internal sealed unsafe class RiemProblem : ILeastSquaresProblem, IDisposable
{
    private const double LinearRidge = 1e-10;

    /// <summary>Linear unknowns beyond this many are left to the joint steps.</summary>
    private const int LargestProjection = 64;

    /// <summary>Every unknown's scale is at least this share of its group's mean.</summary>
    private const float ScaleFloor = 1e-2f;

    /// <summary>What the diagonal of an unknown that is held fixed is raised by.</summary>
    private const float Held = 1e25f;

    /// <summary>
    /// The largest half span of a feature's argument on the narrower side;
    /// <see cref="FlatLearning.Dyn.Metrics.RiemExpansion"/> then needs some 110 terms, and more where features cancel,
    /// of 192.
    /// </summary>
    private const float SpanLimit = 24f;

    private readonly RiemShape _shape;
    private readonly RiemField _field;
    private readonly RiemBlocks _rows;
    private readonly RiemBlocks _columns;
    private readonly FeatureBlocks _features;
    private readonly AlignedFloats _free;
    private readonly AlignedFloats _damped;
    private readonly AlignedFloats _ridge;
    private bool _hasRidge;
    private double[] _normal = [];
    private double[] _linearFactor = [];
    private double _extraWork;

    public RiemProblem(RiemField field, IWorkers workers)
    {
        (_shape, _field) = (field.Shape, field);
        _rows = new RiemBlocks(_shape, ofRows: true, workers);
        _columns = new RiemBlocks(_shape, ofRows: false, workers);
        _features = new FeatureBlocks(_shape, workers);
        Scale = new AlignedFloats(_shape.Length);
        _free = new AlignedFloats(_shape.Length);
        _damped = new AlignedFloats(_shape.Length);
        _ridge = new AlignedFloats(_shape.Length);
        Free.Fill(1f);
    }

    /// <summary>Blocks of the rows, or of the columns.</summary>
    public RiemBlocks Blocks(bool rows) => rows ? _rows : _columns;

    /// <summary>1 for unknowns that move, 0 for those that are held fixed; in theta's layout.</summary>
    public Span<float> Free => _free.Span;

    public int Length => _shape.Length;

    public double Work => _field.Passes + _extraWork;

    public AlignedFloats Scale { get; }

    public double Cost(AlignedFloats theta) => _field.Cost(theta) + RidgeEnergy(theta);

    public double Gradient(AlignedFloats theta, AlignedFloats gradient)
    {
        double cost = _field.Gradient(theta, gradient);
        AddRidge(theta, gradient);
        ClearFixed(gradient.Span);
        return cost + RidgeEnergy(theta);
    }

    public void GaussNewton(AlignedFloats direction, AlignedFloats result)
    {
        _field.GaussNewton(direction, result);
        AddRidge(direction, result);
        ClearFixed(result.Span);
    }

    /// <summary>
    /// Adds to the cost half of <paramref name="share"/> times the curvature at theta times the square of each state
    /// and each element of A: about what rounding of the states will cost, whose steps grow with the largest of them
    /// (docs/derivations/riem-quantisation.md). 0 takes it away.
    /// </summary>
    public void SetRidge(AlignedFloats theta, double share)
    {
        RiemShape s = _shape;
        _hasRidge = share > 0;
        _ridge.Clear();
        if (!_hasRidge)
        {
            return;
        }

        _ = _field.Cost(theta);
        Prepare();
        Scale.Span[s.A..s.C].CopyTo(_ridge.Span[s.A..]);
        EvenOut(0, s.Rows);
        EvenOut(s.Q, s.Columns);
        Lines.Multiply(_ridge.Span, _free.Span);
        foreach (ref float value in _ridge.Span)
        {
            value *= (float)share;
        }
    }

    public void Prepare()
    {
        RiemShape s = _shape;
        int rowStride = Stride(s.Columns);
        int columnStride = Stride(s.Rows);
        _rows.Compute(_field, rowStride);
        _columns.Compute(_field, columnStride);
        _features.Compute(_field.Theta, _rows.SquaredSlopes, _columns.SquaredSlopes);
        _normal = _field.NormalEquations();
        _extraWork += ((double)s.StateDim / 10) * ((1.0 / rowStride) + (1.0 / columnStride));
        Scale.Clear();
        _rows.CopyDiagonal(Scale.Pointer);
        _columns.CopyDiagonal(Scale.Pointer + s.Q);
        _features.CopyDiagonal(Scale.Span);
        for (int m = 0; m <= s.Width; m++)
        {
            Scale.Span[s.V + m] = (float)_normal[LaneCholesky.Size(m) + m];
        }

        (int Begin, int End)[] groups = [(0, s.Q), (s.Q, s.A), (s.A, s.C), (s.C, s.V)];
        foreach ((int begin, int end) in groups)
        {
            Span<float> group = Scale.Span[begin..end];
            double sum = 0;
            int count = 0;
            foreach (float value in group)
            {
                sum += value;
                count += value > 0 ? 1 : 0;
            }

            float floor = count > 0 ? (float)(ScaleFloor * sum / count) : 0;
            foreach (ref float value in group)
            {
                // Padding has scale 0 and stays where it is.
                value = value > 0 ? MathF.Max(value, floor) : 0;
            }
        }

        ClearFixed(Scale.Span);
    }

    public void Damp(double damping)
    {
        RiemShape s = _shape;
        for (int i = 0; i < s.V; i++)
        {
            // As good as infinite: an unknown that is held fixed drops out of the factors.
            _damped.Span[i] = _free.Span[i] != 0 ? ((float)damping * Scale.Span[i]) + _ridge.Span[i] : Held;
        }

        _rows.Factorise(_damped.Pointer, 1f);
        _columns.Factorise(_damped.Pointer + s.Q, 1f);
        _features.Factorise(_damped.Span, 1f);
        int size = s.Width + 1;
        _linearFactor = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                _linearFactor[(i * size) + j] = _normal[LaneCholesky.Size(i) + j];
            }

            _linearFactor[(i * size) + i] *= 1 + damping + 1e-6;
        }

        Cholesky.Factorise(_linearFactor, size);
    }

    public void Precondition(AlignedFloats vector, AlignedFloats result)
    {
        RiemShape s = _shape;
        vector.Span.CopyTo(result.Span);
        _rows.Solve(result.Pointer);
        _columns.Solve(result.Pointer + s.Q);
        _features.Solve(result.Span);
        double[] linear = new double[s.Width + 1];
        for (int m = 0; m <= s.Width; m++)
        {
            linear[m] = result.Span[s.V + m];
        }

        Cholesky.SolveFactorised(_linearFactor, linear);
        for (int m = 0; m <= s.Width; m++)
        {
            result.Span[s.V + m] = (float)linear[m];
        }

        ClearFixed(result.Span);
    }

    public double Improve(AlignedFloats theta, double cost)
    {
        RiemShape s = _shape;
        if (_free.Span[s.C] != 0 && _field.Flatten(theta, SpanLimit))
        {
            cost = Cost(theta);
        }

        if (_field.HasFullWeight || s.Width > LargestProjection)
        {
            return cost;
        }

        int size = s.Width + 1;
        double[] equations = _field.NormalEquations();
        double[] normal = new double[size * size];
        double[] right = new double[size];
        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            trace += equations[LaneCholesky.Size(i) + i];
            right[i] = equations[LaneCholesky.Size(size) + i];
            for (int j = 0; j <= i; j++)
            {
                normal[(i * size) + j] = equations[LaneCholesky.Size(i) + j];
            }
        }

        for (int i = 0; i < size; i++)
        {
            normal[(i * size) + i] += LinearRidge * trace / size;
        }

        float[] old = theta.Span.Slice(s.V, size).ToArray();
        if (!Cholesky.Solve(normal, right))
        {
            return cost;
        }

        for (int i = 0; i < size; i++)
        {
            theta.Span[s.V + i] = (float)right[i];
        }

        double after = Cost(theta);
        if (after <= cost)
        {
            return after;
        }

        old.CopyTo(theta.Span[s.V..]);
        return Cost(theta);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
        _features.Dispose();
        Scale.Dispose();
        _free.Dispose();
        _damped.Dispose();
        _ridge.Dispose();
    }

    /// <summary>A block of d states needs a few times d equations; more only cost time.</summary>
    private int Stride(int others) => Math.Max(1, others / Math.Max(64, 4 * _shape.StateDim));

    /// <summary>Gives every item's coordinate i the mean over the items: they share a grid.</summary>
    private void EvenOut(int begin, int count)
    {
        for (int i = 0; i < _shape.StateDim; i++)
        {
            double sum = 0;
            for (int k = 0; k < count; k++)
            {
                sum += Scale.Span[begin + _shape.State(k, i)];
            }

            for (int k = 0; k < count; k++)
            {
                _ridge.Span[begin + _shape.State(k, i)] = (float)(sum / count);
            }
        }
    }

    private double RidgeEnergy(AlignedFloats theta) =>
        _hasRidge ? Dot.InDouble(theta.Span, theta.Span, _ridge.Span) / 2 : 0;

    private void AddRidge(AlignedFloats vector, AlignedFloats result)
    {
        if (_hasRidge)
        {
            Lines.AddScaled(result.Span, 1, vector.Span, _ridge.Span);
        }
    }

    private void ClearFixed(Span<float> vector) => Lines.Multiply(vector, _free.Span);
}

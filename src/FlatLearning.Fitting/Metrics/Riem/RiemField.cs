using System.Runtime.Intrinsics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// The cost of a RieM fit, half the weighted squared residual, and products with its Jacobian J, without ever storing
/// J: docs/derivations/riem-jacobian.md. One call costs K·N·R·M evaluations of a sigmoid. float32, sums over the matrix
/// in double. Deterministic: the parts of the work depend on the shape alone.
/// </summary>
internal sealed unsafe class RiemField : IDisposable
{
    /// <summary>Two such arguments still have a finite product of exponentials in float32.</summary>
    private const float ArgumentLimit = 40f;

    private const int Lanes = RiemShape.Lanes;
    private const int MaxParts = 16;
    private const int MinParts = 4;
    private const long FreeBytes = 4 << 20;

    private readonly RiemShape _shape;
    private readonly IWorkers _workers;
    private readonly bool _byRows;
    private readonly int _parts;
    private readonly AlignedFloats _target;
    private readonly Hessian _weight;
    private readonly AlignedFloats? _residuals;
    private readonly AlignedFloats? _weighted;
    private readonly AlignedFloats _rowWeight;
    private readonly AlignedFloats _diagonal;
    private readonly AlignedFloats _columnMask;
    private readonly AlignedFloats _rotated;
    private readonly AlignedFloats _transposed;
    private readonly AlignedFloats _rotatedTransposed;
    private readonly AlignedFloats _rotatedGradient;
    private readonly RiemSide _rows;
    private readonly RiemSide _columns;
    private readonly long _partialLength;
    private readonly AlignedFloats[] _scratch;
    private readonly double[] _linear;
    private readonly double[] _costs;
    private AlignedFloats? _partial;
    private AlignedFloats? _field;
    private AlignedFloats? _theta;

    /// <summary>
    /// Prepares for a target X, row-major [rows, columns], brought to unit size if asked for, and the weight of its
    /// squared residuals.
    /// </summary>
    public RiemField(
        RiemShape shape, ReadOnlySpan<float> target, Hessian weight, IWorkers workers, Normalisation? normal = null)
    {
        (_shape, _workers, _weight) = (shape, workers, weight);
        _target = new AlignedFloats(shape.RowBlocks * Lanes * shape.PaddedColumns);
        _rowWeight = new AlignedFloats(shape.RowBlocks * Lanes);
        _diagonal = new AlignedFloats(shape.RowBlocks * Lanes);
        if (weight.IsFull)
        {
            _residuals = new AlignedFloats(_target.Length);
            _weighted = new AlignedFloats(_target.Length);
        }

        _columnMask = new AlignedFloats(shape.PaddedColumns);
        for (int k = 0; k < shape.Rows; k++)
        {
            Span<float> line = _target.Span.Slice(k * shape.PaddedColumns, shape.Columns);
            target.Slice(k * shape.Columns, shape.Columns).CopyTo(line);
            normal?.Apply(line);
            _diagonal.Span[k] = (float)weight.At(k);
            _rowWeight.Span[k] = weight.IsFull ? 1 : _diagonal.Span[k];
        }

        _columnMask.Span[..shape.Columns].Fill(1f);
        int f = shape.Features;
        _rotated = new AlignedFloats(f * shape.StateDim);
        _transposed = new AlignedFloats(f * shape.StateDim);
        _rotatedTransposed = new AlignedFloats(f * shape.StateDim);
        _rotatedGradient = new AlignedFloats(f * shape.StateDim);
        _rows = new RiemSide(shape.RowBlocks, f);
        _columns = new RiemSide(shape.ColumnBlocks, f);

        // Sums across the parts' own side need a copy per part; sums along it do not.
        _byRows = shape.RowBlocks >= 8 || shape.RowBlocks >= shape.ColumnBlocks;
        RiemSide shared = _byRows ? _columns : _rows;
        int max = Math.Min(MaxParts, _byRows ? shape.RowBlocks : shape.ColumnBlocks);
        long memory = Math.Max(FreeBytes, (long)_target.Length * sizeof(float) / 2);
        _parts = Math.Min(max, Math.Max(MinParts, (int)(memory / (shared.Length * sizeof(float)))));
        _partialLength = (long)_parts * shared.Length;
        _scratch = new AlignedFloats[_parts];
        for (int i = 0; i < _parts; i++)
        {
            _scratch[i] = new AlignedFloats(RiemPass.ScratchLength(shape));
        }

        _linear = new double[_parts * LaneCholesky.Size(shape.Width + 2)];
        _costs = new double[_parts];
    }

    /// <summary>How many times the matrix was run through.</summary>
    public long Passes { get; private set; }

    public RiemShape Shape => _shape;

    /// <summary>
    /// Whether errors of different rows are weighted together; then every product takes one with H besides, and two
    /// fields are kept.
    /// </summary>
    public bool HasFullWeight => _weight.IsFull;

    /// <summary>Sets the point of linearisation and returns the cost there.</summary>
    public double Cost(AlignedFloats theta)
    {
        if (HasFullWeight)
        {
            _ = Residuals(theta, _residuals!);
            return ApplyWeight();
        }

        Linearise(theta);
        return Run<CostMode>(null) / 2;
    }

    /// <summary>Sets the point of linearisation, writes the gradient and returns the cost.</summary>
    public double Gradient(AlignedFloats theta, AlignedFloats gradient)
    {
        if (HasFullWeight)
        {
            double weighted = Cost(theta);
            Transposed(_weighted!, gradient);
            return weighted;
        }

        Linearise(theta);
        double cost = Run<GradientMode>(null) / 2;
        BackProject(gradient);
        return cost;
    }

    /// <summary>result = Jᵀ H J direction at the point of linearisation.</summary>
    public void GaussNewton(AlignedFloats direction, AlignedFloats result)
    {
        if (HasFullWeight)
        {
            Forward(direction, _residuals!);
            _ = ApplyWeight();
            Transposed(_weighted!, result);
            return;
        }

        Project(direction);
        _ = Run<GaussNewtonMode>(direction);
        BackProject(result);
    }

    /// <summary>
    /// Flattens features whose argument spans more than ±<paramref name="limit"/> around its centre over the rows and
    /// over the columns: the whole argument is scaled, so that its zeros stay. Beyond such a span a sigmoid is a step,
    /// which needs no steepness, while its expansion in Chebyshev polynomials
    /// (docs/decisions/0003-portable-function.md) needs terms in proportion to the span. True where theta was changed.
    /// </summary>
    public bool Flatten(AlignedFloats theta, float limit)
    {
        RiemShape s = _shape;
        bool changed = false;
        for (int f = 0; f < s.Features; f++)
        {
            float span = MathF.Min(HalfSpan(_rows, s.Rows, f), HalfSpan(_columns, s.Columns, f));
            if (span > limit)
            {
                changed = true;
                theta.Span[s.C + f] *= limit / span;
                foreach (ref float a in theta.Span.Slice(s.A + (f * s.StateDim), s.StateDim))
                {
                    a *= limit / span;
                }
            }
        }

        return changed;
    }

    /// <summary>
    /// field [K rounded up to 16, N padded] = metric - X, the point of linearisation being theta. Returns half the sum
    /// of squares, under a diagonal H.
    /// </summary>
    public double Residuals(AlignedFloats theta, AlignedFloats field)
    {
        Linearise(theta);
        _field = field;
        return Run<ResidualMode>(null) / 2;
    }

    /// <summary>field = J direction.</summary>
    public void Forward(AlignedFloats direction, AlignedFloats field)
    {
        Project(direction);
        _field = field;
        _ = Run<ForwardMode>(direction);
    }

    /// <summary>result = Jᵀ (diagonal H) field; without H where it is full.</summary>
    public void Transposed(AlignedFloats field, AlignedFloats result)
    {
        _field = field;
        _ = Run<TransposedMode>(null);
        BackProject(result);
    }

    /// <summary>
    /// Weighted inner products of the M sums of sigmoids, 1 and the target with one another at the point of
    /// linearisation, a packed lower triangle of M + 2.
    /// </summary>
    public double[] NormalEquations()
    {
        _ = Run<NormalMode>(null);
        int size = LaneCholesky.Size(_shape.Width + 2);
        double[] result = new double[size];
        for (int i = 0; i < _parts * size; i++)
        {
            result[i % size] += _linear[i];
        }

        return result;
    }

    /// <summary>
    /// The values along one side at the point of linearisation: exponentials of negative arguments, [blocks, F, 16].
    /// </summary>
    internal AlignedFloats Exponentials(bool ofRows) => (ofRows ? _rows : _columns).Exponentials;

    /// <summary>The diagonal of H, 0 for padding; of columns, 1 and 0.</summary>
    internal AlignedFloats Weights(bool ofRows) => ofRows ? _diagonal : _columnMask;

    /// <summary>B [F, d]: A moved by the shifts.</summary>
    internal AlignedFloats Rotated => _rotated;

    internal AlignedFloats Theta => _theta!;

    internal AlignedFloats Target => _target;

    public void Dispose()
    {
        _partial?.Dispose();
        _residuals?.Dispose();
        _weighted?.Dispose();
        foreach (AlignedFloats part in (AlignedFloats[])[
            _target, _rowWeight, _diagonal, _columnMask, _rotated, _transposed, _rotatedTransposed, _rotatedGradient,
            .. _scratch])
        {
            part.Dispose();
        }

        _rows.Dispose();
        _columns.Dispose();
    }

    /// <summary>weighted = H residuals; half their inner product.</summary>
    private double ApplyWeight()
    {
        int used = _shape.Rows * _shape.PaddedColumns;
        _weight.Multiply(_residuals!.Span[..used], _weighted!.Span[..used], _shape.PaddedColumns);
        double sum = 0;
        for (int k = 0; k < _shape.Rows; k++)
        {
            int line = k * _shape.PaddedColumns;
            sum +=
                Dot.InDouble(_residuals.Span.Slice(line, _shape.Columns), _weighted.Span.Slice(line, _shape.Columns));
        }

        return sum / 2;
    }

    private float HalfSpan(RiemSide side, int count, int feature)
    {
        (float min, float max) = (float.PositiveInfinity, 0);
        for (int k = 0; k < count; k++)
        {
            float value = side.Exponentials.Span[(((k / Lanes * _shape.Features) + feature) * Lanes) + (k % Lanes)];
            (min, max) = (MathF.Min(min, value), MathF.Max(max, value));
        }

        return (MathF.Log(max) - MathF.Log(min)) / 2;
    }

    private void Linearise(AlignedFloats theta)
    {
        RiemShape s = _shape;
        _theta = theta;
        Span<float> a = theta.Span[s.A..s.C];
        s.Rotate(a, _rotated.Span);
        Transpose(a, _transposed.Span);
        Transpose(_rotated.Span, _rotatedTransposed.Span);
        float* t = theta.Pointer;
        ForBlocks((side, block) =>
        {
            float* output = side.Exponentials.Pointer + (block * s.Features * Lanes);
            for (int f = 0; f < s.Features; f++)
            {
                new Span<float>(output + (f * Lanes), Lanes).Fill(side == _rows ? t[s.C + f] : 0f);
            }

            if (side == _rows)
            {
                BlockProducts.AddProduct(t + s.A, t + (block * s.StateDim * Lanes), output, s.Features, s.StateDim);
            }
            else
            {
                BlockProducts.AddProduct(
                    _rotated.Pointer, t + s.Q + (block * s.StateDim * Lanes), output, s.Features, s.StateDim);
            }

            Span<float> values = new(output, s.Features * Lanes);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = -Math.Clamp(values[i], -ArgumentLimit, ArgumentLimit);
            }

            ElementWise.Exp(values, values);
        });
    }

    /// <summary>Changes of the arguments, times v: d(A p + c) = dA p + A dp + dc and d(B q) = dB q + B dq.</summary>
    private void Project(AlignedFloats direction)
    {
        RiemShape s = _shape;
        s.Rotate(direction.Span[s.A..s.C], _rotatedGradient.Span);
        float* t = _theta!.Pointer;
        float* change = direction.Pointer;
        ForBlocks((side, block) =>
        {
            int states = block * s.StateDim * Lanes;
            float* output = side.Direction.Pointer + (block * s.Features * Lanes);
            for (int f = 0; f < s.Features; f++)
            {
                new Span<float>(output + (f * Lanes), Lanes).Fill(side == _rows ? change[s.C + f] : 0f);
            }

            if (side == _rows)
            {
                BlockProducts.AddProduct(change + s.A, t + states, output, s.Features, s.StateDim);
                BlockProducts.AddProduct(t + s.A, change + states, output, s.Features, s.StateDim);
            }
            else
            {
                BlockProducts.AddProduct(_rotatedGradient.Pointer, t + s.Q + states, output, s.Features, s.StateDim);
                BlockProducts.AddProduct(_rotated.Pointer, change + s.Q + states, output, s.Features, s.StateDim);
            }

            ScaleByV(output, t);
        });
    }

    private void ScaleByV(float* panel, float* theta)
    {
        for (int i = 0; i < _shape.Features * Lanes; i++)
        {
            panel[i] *= theta[_shape.V + (i / Lanes / _shape.Shifts)];
        }
    }

    private double Run<TMode>(AlignedFloats? direction)
        where TMode : struct, IRiemMode
    {
        Passes++;
        RiemShape s = _shape;
        RiemSide own = _byRows ? _rows : _columns;
        RiemSide shared = _byRows ? _columns : _rows;
        own.Gradient.Clear();
        Array.Clear(_linear);

        // Not before it is needed: a sample may be searched first.
        _partial ??= new AlignedFloats(checked((int)_partialLength));
        int blocks = own.Blocks;
        float* t = _theta!.Pointer;
        fixed (double* linear = _linear)
        {
            double* sums = linear;
            _workers.For(_parts, part =>
            {
                float* partial = _partial.Pointer + ((long)part * shared.Length);
                if (TMode.Backward)
                {
                    new Span<float>(partial, shared.Length).Clear();
                }

                RiemPass pass = new()
                {
                    Shape = s,
                    RowExponentials = _rows.Exponentials.Pointer,
                    ColumnExponentials = _columns.Exponentials.Pointer,
                    RowDirection = _rows.Direction.Pointer,
                    ColumnDirection = _columns.Direction.Pointer,
                    RowGradient = _byRows ? _rows.Gradient.Pointer : partial,
                    ColumnGradient = _byRows ? partial : _columns.Gradient.Pointer,
                    Linear = sums + (part * LaneCholesky.Size(s.Width + 2)),
                    V = t + s.V,
                    Beta = t[s.Beta],
                    VDirection = direction is null ? null : direction.Pointer + s.V,
                    BetaDirection = direction is null ? 0 : direction.Pointer[s.Beta],
                    Target = _target.Pointer,
                    Field = _field is null ? null : _field.Pointer,
                    RowWeight = _rowWeight.Pointer,
                    ColumnMask = _columnMask.Pointer,
                    Scratch = _scratch[part].Pointer,
                };
                int first = (int)((long)blocks * part / _parts);
                int end = (int)((long)blocks * (part + 1) / _parts);
                _costs[part] = _byRows
                    ? RiemTiles.Run<TMode>(in pass, first, end, 0, s.ColumnBlocks)
                    : RiemTiles.Run<TMode>(in pass, 0, s.RowBlocks, first, end);
            });
        }

        double cost = 0;
        for (int i = 0; i < _parts; i++)
        {
            cost += _costs[i];
        }

        return cost;
    }

    /// <summary>From sums per row, per column and per weight to a vector of theta's layout.</summary>
    private void BackProject(AlignedFloats result)
    {
        RiemShape s = _shape;
        RiemSide shared = _byRows ? _columns : _rows;
        float* t = _theta!.Pointer;
        float* to = result.Pointer;
        ForBlocks((side, block) =>
        {
            int panel = s.Features * Lanes;
            float* gradient = side.Gradient.Pointer + (block * panel);
            if (side == shared)
            {
                Span<float> sum = new(gradient, panel);
                new Span<float>(_partial!.Pointer + (block * panel), panel).CopyTo(sum);
                for (int part = 1; part < _parts; part++)
                {
                    float* from = _partial!.Pointer + ((long)part * shared.Length) + (block * panel);
                    for (int i = 0; i < panel; i += Lanes)
                    {
                        (Vector512.Load(gradient + i) + Vector512.Load(from + i)).Store(gradient + i);
                    }
                }
            }

            ScaleByV(gradient, t);
            bool row = side == _rows;
            float* states = to + (row ? 0 : s.Q) + (block * s.StateDim * Lanes);
            new Span<float>(states, s.StateDim * Lanes).Clear();
            BlockProducts.AddProduct(
                (row ? _transposed : _rotatedTransposed).Pointer, gradient, states, s.StateDim, s.Features);
        });

        new Span<float>(to + s.A, s.Length - s.A).Clear();
        _rotatedGradient.Clear();
        const int Group = 12;
        _workers.For((s.Features + Group - 1) / Group, part =>
        {
            int first = part * Group;
            int end = Math.Min(s.Features, first + Group);
            BlockProducts.AddInner(
                _rows.Gradient.Pointer, t, to + s.A, s.RowBlocks, s.Features, s.StateDim, first, end);
            BlockProducts.AddInner(
                _columns.Gradient.Pointer, t + s.Q, _rotatedGradient.Pointer, s.ColumnBlocks, s.Features, s.StateDim,
                first, end);
            for (int f = first; f < end; f++)
            {
                float sum = 0;
                for (int b = 0; b < s.RowBlocks; b++)
                {
                    sum += Vector512.Sum(Vector512.Load(_rows.Gradient.Pointer + (((b * s.Features) + f) * Lanes)));
                }

                to[s.C + f] = sum;
            }
        });
        s.AddRotatedBack(_rotatedGradient.Span, result.Span[s.A..s.C]);
        for (int part = 0; part < _parts; part++)
        {
            for (int m = 0; m <= s.Width; m++)
            {
                to[s.V + m] += (float)_linear[(part * LaneCholesky.Size(s.Width + 2)) + m];
            }
        }
    }

    private void ForBlocks(Action<RiemSide, int> body)
    {
        // Parts of several blocks each: one block is too little for a thread.
        int total = _rows.Blocks + _columns.Blocks;
        int parts = Math.Min(total, MaxParts);
        _workers.For(parts, part =>
        {
            int end = (int)((long)total * (part + 1) / parts);
            for (int i = (int)((long)total * part / parts); i < end; i++)
            {
                if (i < _rows.Blocks)
                {
                    body(_rows, i);
                }
                else
                {
                    body(_columns, i - _rows.Blocks);
                }
            }
        });
    }

    private void Transpose(ReadOnlySpan<float> matrix, Span<float> transposed)
    {
        for (int f = 0; f < _shape.Features; f++)
        {
            for (int i = 0; i < _shape.StateDim; i++)
            {
                transposed[(i * _shape.Features) + f] = matrix[(f * _shape.StateDim) + i];
            }
        }
    }
}

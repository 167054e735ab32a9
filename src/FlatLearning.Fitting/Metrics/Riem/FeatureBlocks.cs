using System.Runtime.Intrinsics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// The blocks of JᵀJ that belong to one feature's A_f and c_f, for all of them: [blocks of 16 features, Size(d + 1), 16
/// lanes]. The squared slopes of a feature are taken as a product of their sums per row and per column, which leaves
/// sums over rows and over columns instead of one over both.
/// </summary>
internal sealed unsafe class FeatureBlocks : IDisposable
{
    private const int Lanes = RiemShape.Lanes;
    private readonly RiemShape _shape;
    private readonly IWorkers _workers;
    private readonly int _blocks;
    private readonly int _size;
    private readonly AlignedFloats _matrices;
    private readonly AlignedFloats _factors;
    private readonly AlignedFloats _diagonal;
    private readonly AlignedFloats _vector;

    public FeatureBlocks(RiemShape shape, IWorkers workers)
    {
        (_shape, _workers) = (shape, workers);
        _blocks = (shape.Features + Lanes - 1) / Lanes;
        _size = shape.StateDim + 1;
        _matrices = new AlignedFloats(checked(_blocks * LaneCholesky.Size(_size) * Lanes));
        _factors = new AlignedFloats(_matrices.Length);
        _diagonal = new AlignedFloats(_blocks * _size * Lanes);
        _vector = new AlignedFloats(_blocks * _size * Lanes);
    }

    /// <summary>Recomputes the blocks from the states in theta and the squared slopes per row and per column.</summary>
    public void Compute(AlignedFloats theta, AlignedFloats rowSlopes, AlignedFloats columnSlopes)
    {
        RiemShape s = _shape;
        _workers.For(_blocks, block =>
        {
            float* h = _matrices.Pointer + ((long)block * LaneCholesky.Size(_size) * Lanes);
            new Span<float>(h, LaneCholesky.Size(_size) * Lanes).Clear();
            float* rowMean = stackalloc float[_size * Lanes];
            float* columnMean = stackalloc float[_size * Lanes];
            new Span<float>(rowMean, _size * Lanes).Clear();
            new Span<float>(columnMean, _size * Lanes).Clear();
            Add(h, rowMean, theta.Pointer, rowSlopes.Pointer, s.Rows, block, rows: true);
            Add(h, columnMean, theta.Pointer + s.Q, columnSlopes.Pointer, s.Columns, block, rows: false);

            // The mixed terms p qᵀ and their transposes, from the means; the slot behind the states holds the sum of
            // squared slopes.
            Vector512<float> total = Vector512.Load(rowMean + (s.StateDim * Lanes));
            Vector512<float> inverse = Vector512.ConditionalSelect(
                Vector512.GreaterThan(total, Vector512<float>.Zero),
                Vector512.Create(1f) / total,
                Vector512<float>.Zero);
            for (int i = 0; i < s.StateDim; i++)
            {
                Vector512<float> p = Vector512.Load(rowMean + (i * Lanes)) * inverse;
                Vector512<float> q = Vector512.Load(columnMean + (i * Lanes)) * inverse;
                for (int j = 0; j <= i; j++)
                {
                    float* at = h + ((LaneCholesky.Size(i) + j) * Lanes);
                    (Vector512.Load(at) + (p * Vector512.Load(columnMean + (j * Lanes)))
                        + (q * Vector512.Load(rowMean + (j * Lanes)))).Store(at);
                }

                float* last = h + ((LaneCholesky.Size(s.StateDim) + i) * Lanes);
                (Vector512.Load(rowMean + (i * Lanes)) + Vector512.Load(columnMean + (i * Lanes))).Store(last);
            }

            total.Store(h + ((LaneCholesky.Size(s.StateDim) + s.StateDim) * Lanes));
        });
    }

    /// <summary>Writes the diagonals to A [F, d] and c [F] of a vector of theta's layout.</summary>
    public void CopyDiagonal(Span<float> to)
    {
        for (int f = 0; f < _shape.Features; f++)
        {
            for (int i = 0; i < _size; i++)
            {
                to[Place(
                    f,
                    i)] = _matrices.Span[(((f / Lanes * LaneCholesky.Size(_size)) + LaneCholesky.Size(i) + i) * Lanes)
                        + (f % Lanes)];
            }
        }
    }

    /// <summary>Factorises all blocks plus damping times the diagonal, given in theta's layout.</summary>
    public void Factorise(ReadOnlySpan<float> diagonal, float damping)
    {
        Gather(diagonal, _diagonal.Span);
        int size = LaneCholesky.Size(_size) * Lanes;
        _workers.For(_blocks, block => LaneCholesky.Factorise(
            _matrices.Pointer + ((long)block * size), _diagonal.Pointer + (block * _size * Lanes), damping,
            _factors.Pointer + ((long)block * size), _size));
    }

    /// <summary>x = (blocks)^-1 x for A and c of a vector of theta's layout.</summary>
    public void Solve(Span<float> x)
    {
        Gather(x, _vector.Span);
        int size = LaneCholesky.Size(_size) * Lanes;
        _workers.For(
            _blocks,
            block => LaneCholesky.Solve(
                _factors.Pointer + ((long)block * size), _vector.Pointer + (block * _size * Lanes), _size));
        for (int f = 0; f < _shape.Features; f++)
        {
            for (int i = 0; i < _size; i++)
            {
                x[Place(f, i)] = _vector.Span[(((f / Lanes * _size) + i) * Lanes) + (f % Lanes)];
            }
        }
    }

    public void Dispose()
    {
        _matrices.Dispose();
        _factors.Dispose();
        _diagonal.Dispose();
        _vector.Dispose();
    }

    private int Place(int f, int i) => i < _shape.StateDim ? _shape.A + (f * _shape.StateDim) + i : _shape.C + f;

    private void Gather(ReadOnlySpan<float> from, Span<float> to)
    {
        for (int f = 0; f < _shape.Features; f++)
        {
            for (int i = 0; i < _size; i++)
            {
                to[(((f / Lanes * _size) + i) * Lanes) + (f % Lanes)] = from[Place(f, i)];
            }
        }
    }

    private void Add(float* h, float* mean, float* states, float* slopes, int count, int block, bool rows)
    {
        RiemShape s = _shape;
        int d = s.StateDim;
        float* moved = stackalloc float[d * Lanes];
        int* shifts = stackalloc int[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
        {
            shifts[lane] = rows ? 0 : s.ShiftOf(Math.Min(s.Features - 1, (block * Lanes) + lane));
        }

        float* weights = stackalloc float[Lanes];
        for (int k = 0; k < count; k++)
        {
            // Lane f sees coordinate i of a column at i + its shift.
            for (int lane = 0; lane < Lanes; lane++)
            {
                int f = (block * Lanes) + lane;
                weights[lane] = f < s.Features ? slopes[(((k / Lanes * s.Features) + f) * Lanes) + (k % Lanes)] : 0;
                for (int i = 0; i < d; i++)
                {
                    int from = i + shifts[lane];
                    moved[(i * Lanes) + lane] = states[s.State(k, from >= d ? from - d : from)];
                }
            }

            Vector512<float> w = Vector512.Load(weights);
            float* to = h;
            for (int i = 0; i < d; i++)
            {
                Vector512<float> x = w * Vector512.Load(moved + (i * Lanes));
                (Vector512.Load(mean + (i * Lanes)) + x).Store(mean + (i * Lanes));
                for (int j = 0; j <= i; j++)
                {
                    Vector512.FusedMultiplyAdd(x, Vector512.Load(moved + (j * Lanes)), Vector512.Load(to)).Store(to);
                    to += Lanes;
                }
            }

            float* sum = mean + (d * Lanes);
            (Vector512.Load(sum) + w).Store(sum);
        }
    }
}

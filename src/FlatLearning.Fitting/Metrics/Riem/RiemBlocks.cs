using System.Runtime.Intrinsics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// The blocks of JᵀJ that belong to the states of one row, or of one column, for all of them: [blocks of 16, Size(d),
/// 16 lanes]. Used as a preconditioner and to solve for states alone. Sums may run over every n-th element of the other
/// side only.
/// </summary>
internal sealed unsafe class RiemBlocks : IDisposable
{
    private const int Lanes = RiemShape.Lanes;
    private const int Batch = 8;
    private const float LargestExponential = 1 << 30;
    private readonly RiemShape _shape;
    private readonly IWorkers _workers;
    private readonly bool _ofRows;
    private readonly int _blocks;
    private readonly AlignedFloats _matrices;
    private readonly AlignedFloats _factors;
    private readonly AlignedFloats _weights;

    public RiemBlocks(RiemShape shape, bool ofRows, IWorkers workers)
    {
        (_shape, _ofRows, _workers) = (shape, ofRows, workers);
        _blocks = ofRows ? shape.RowBlocks : shape.ColumnBlocks;
        _matrices = new AlignedFloats(checked(_blocks * LaneCholesky.Size(shape.StateDim) * Lanes));
        _factors = new AlignedFloats(_matrices.Length);
        _weights = new AlignedFloats(_blocks * shape.Features * Lanes);
    }

    /// <summary>Sums of squared slopes, v included, per state of this side and feature: [blocks, F, 16].</summary>
    public AlignedFloats SquaredSlopes => _weights;

    /// <summary>
    /// Recomputes the blocks at the field's point of linearisation from every <paramref name="stride"/>-th element of
    /// the other side.
    /// </summary>
    public void Compute(RiemField field, int stride)
    {
        RiemShape s = _shape;
        int d = s.StateDim;
        int size = LaneCholesky.Size(d);
        int others = _ofRows ? s.Columns : s.Rows;
        float* own = field.Exponentials(_ofRows).Pointer;
        float* other = field.Exponentials(!_ofRows).Pointer;
        float* ownWeight = field.Weights(_ofRows).Pointer;
        float* otherWeight = field.Weights(!_ofRows).Pointer;
        float* v = field.Theta.Pointer + s.V;
        using AlignedFloats transposed = new(s.Features * d);
        ReadOnlySpan<float> a = _ofRows ? field.Theta.Span[s.A..s.C] : field.Rotated.Span;
        for (int f = 0; f < s.Features; f++)
        {
            for (int i = 0; i < d; i++)
            {
                transposed.Span[(i * s.Features) + f] = a[(f * d) + i];
            }
        }

        float* t = transposed.Pointer;
        _workers.For(_blocks, block =>
        {
            using AlignedFloats slopes = new(s.Features * Lanes);
            using AlignedFloats jacobian = new(Batch * d * Lanes);
            float* h = _matrices.Pointer + ((long)block * size * Lanes);
            float* w = _weights.Pointer + (block * s.Features * Lanes);
            new Span<float>(h, size * Lanes).Clear();
            new Span<float>(w, s.Features * Lanes).Clear();
            Vector512<float> weight = Vector512.Load(ownWeight + (block * Lanes)) * Vector512.Create((float)stride);
            int filled = 0;
            for (int n = block % stride; n < others; n += stride)
            {
                Slopes(
                    own + (block * s.Features * Lanes), other + (n / Lanes * s.Features * Lanes) + (n % Lanes), v,
                    weight * otherWeight[n], slopes.Pointer, w);
                float* j = jacobian.Pointer + (filled * d * Lanes);
                new Span<float>(j, d * Lanes).Clear();
                BlockProducts.AddProduct(t, slopes.Pointer, j, d, s.Features);
                if (++filled == Batch || n + stride >= others)
                {
                    new Span<float>(jacobian.Pointer + (filled * d * Lanes), (Batch - filled) * d * Lanes).Clear();
                    AddSquares(jacobian.Pointer, h, d);
                    filled = 0;
                }
            }
        });
        GC.KeepAlive(transposed);
    }

    /// <summary>Writes the blocks' diagonals to [blocks, d, 16].</summary>
    public void CopyDiagonal(float* to)
    {
        int d = _shape.StateDim;
        for (int block = 0; block < _blocks; block++)
        {
            float* h = _matrices.Pointer + ((long)block * LaneCholesky.Size(d) * Lanes);
            for (int i = 0; i < d; i++)
            {
                Vector512.Load(h + ((LaneCholesky.Size(i) + i) * Lanes)).Store(to + (((block * d) + i) * Lanes));
            }
        }
    }

    /// <summary>Factorises all blocks plus damping times the diagonal [blocks, d, 16].</summary>
    public void Factorise(float* diagonal, float damping)
    {
        int d = _shape.StateDim;
        int size = LaneCholesky.Size(d) * Lanes;
        _workers.For(_blocks, block => LaneCholesky.Factorise(
            _matrices.Pointer + ((long)block * size), diagonal + (block * d * Lanes), damping,
            _factors.Pointer + ((long)block * size), d));
    }

    /// <summary>x [blocks, d, 16] = (blocks)^-1 x.</summary>
    public void Solve(float* x)
    {
        int d = _shape.StateDim;
        int size = LaneCholesky.Size(d) * Lanes;
        _workers.For(
            _blocks, block => LaneCholesky.Solve(_factors.Pointer + ((long)block * size), x + (block * d * Lanes), d));
    }

    /// <summary>
    /// Moves coordinates <paramref name="first"/> to <paramref name="end"/> - 1 of all states [blocks, d, 16] onto
    /// their grids, where the cost is gradientᵀ δ + δᵀ (blocks) δ / 2; anywhere at first with
    /// <paramref name="fromFree"/> (after <see cref="Factorise"/>), else from the grid. The gradient is overwritten.
    /// Returns whether any state moved.
    /// </summary>
    public bool Round(float* states, float* gradient, StateGrid[] grids, int first, int end, bool fromFree)
    {
        int d = _shape.StateDim;
        int size = LaneCholesky.Size(d) * Lanes;
        int moved = 0;
        _workers.For(_blocks, block =>
        {
            using AlignedFloats room = new(d * Lanes);
            if (StateRounding.Round(
                states + (block * d * Lanes), gradient + (block * d * Lanes), _matrices.Pointer + ((long)block * size),
                fromFree ? _factors.Pointer + ((long)block * size) : null, grids, first, end, room.Pointer))
            {
                _ = Interlocked.Exchange(ref moved, 1);
            }
        });
        return moved != 0;
    }

    public void Dispose()
    {
        _matrices.Dispose();
        _factors.Dispose();
        _weights.Dispose();
    }

    private void Slopes(float* own, float* other, float* v, Vector512<float> weight, float* slopes, float* squares)
    {
        Vector512<float> one = Vector512.Create(1f);
        Vector512<float> cap = Vector512.Create(LargestExponential);
        Vector512<float> root = Vector512.Sqrt(weight);
        for (int f = 0; f < _shape.Features; f++)
        {
            Vector512<float> e =
                Vector512.MinNative(Vector512.Load(own + (f * Lanes)) * Vector512.Create(other[f * Lanes]), cap);
            Vector512<float> sigmoid = one / (one + e);
            Vector512<float> slope =
                Vector512.FusedMultiplyAdd(-sigmoid, sigmoid, sigmoid) * root * Vector512.Create(v[f / _shape.Shifts]);
            slope.Store(slopes + (f * Lanes));
            Vector512.FusedMultiplyAdd(slope, slope, Vector512.Load(squares + (f * Lanes)))
                .Store(squares + (f * Lanes));
        }
    }

    /// <summary>
    /// h += sum over the batch of the outer product of jacobian [batch, d, 16] with itself, lane by lane.
    /// </summary>
    private static void AddSquares(float* jacobian, float* h, int d)
    {
        int step = d * Lanes;
        for (int i = 0; i < d; i++)
        {
            float* left = jacobian + (i * Lanes);
            Vector512<float> l0 = Vector512.Load(left), l1 = Vector512.Load(left + step),
                l2 = Vector512.Load(left + (2 * step)), l3 = Vector512.Load(left + (3 * step));
            left += 4 * step;
            Vector512<float> l4 = Vector512.Load(left), l5 = Vector512.Load(left + step),
                l6 = Vector512.Load(left + (2 * step)), l7 = Vector512.Load(left + (3 * step));
            for (int j = 0; j <= i; j++)
            {
                float* right = jacobian + (j * Lanes);
                Vector512<float> a = Vector512.FusedMultiplyAdd(l0, Vector512.Load(right), Vector512.Load(h));
                Vector512<float> b = l1 * Vector512.Load(right + step);
                a = Vector512.FusedMultiplyAdd(l2, Vector512.Load(right + (2 * step)), a);
                b = Vector512.FusedMultiplyAdd(l3, Vector512.Load(right + (3 * step)), b);
                right += 4 * step;
                a = Vector512.FusedMultiplyAdd(l4, Vector512.Load(right), a);
                b = Vector512.FusedMultiplyAdd(l5, Vector512.Load(right + step), b);
                a = Vector512.FusedMultiplyAdd(l6, Vector512.Load(right + (2 * step)), a);
                b = Vector512.FusedMultiplyAdd(l7, Vector512.Load(right + (3 * step)), b);
                (a + b).Store(h);
                h += Lanes;
            }
        }
    }
}

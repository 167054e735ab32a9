using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// The pass over some rows of the matrix: values, residuals and the sums that the gradient needs, four rows and sixteen
/// columns at a time. Sigmoids are taken from exponentials per row and per column, e^-(a+b) = e^-a · e^-b, kept in the
/// first-level cache, and used a second time for the gradient.
/// </summary>
internal sealed class RowPass
{
    /// <summary>Rows of a block.</summary>
    public const int Rows = 4;

    private const int Lanes = AlignedArray.Lanes;
    private readonly PublishedShape _shape;
    private readonly AlignedArray _sigmoids;
    private readonly AlignedArray _rowSums;
    private readonly AlignedArray _weightSums;

    public RowPass(PublishedShape shape)
    {
        _shape = shape;
        _sigmoids = new AlignedArray(shape.Features * Rows * Lanes);
        _rowSums = new AlignedArray(shape.Features * Rows * Lanes);
        _weightSums = new AlignedArray(shape.Features * Lanes);
        ColumnSums = new AlignedArray(shape.Features * shape.PaddedColumns);
    }

    /// <summary>
    /// Sum over the rows of u s (1 - s) with u = f - t, per feature and column: [features, columns padded].
    /// </summary>
    public AlignedArray ColumnSums { get; }

    /// <summary>Sum of u².</summary>
    public double Squared { get; private set; }

    /// <summary>Sum of |u|.</summary>
    public double Absolute { get; private set; }

    /// <summary>Sum of u.</summary>
    public double Sum { get; private set; }

    /// <summary>Sum of u s per feature.</summary>
    public float WeightSum(int feature) => Vector512.Sum(Vector512.LoadUnsafe(ref _weightSums.At(feature * Lanes)));

    /// <summary>Forgets all sums.</summary>
    public void Clear()
    {
        (Squared, Absolute, Sum) = (0, 0, 0);
        ColumnSums.Span.Clear();
        _weightSums.Span.Clear();
    }

    /// <summary>
    /// One block of rows. <paramref name="rowSums"/> [features, rows padded] gets the sum of u s (1 - s) over the
    /// columns.
    /// </summary>
    /// <param name="block">Index of the block.</param>
    /// <param name="x">Exponentials, weights and target.</param>
    /// <param name="rowSums">Destination.</param>
    public void Run(int block, TileInputs x, AlignedArray rowSums)
    {
        _rowSums.Span.Clear();
        for (int n = 0; n < _shape.PaddedColumns; n += Lanes)
        {
            (Vector512<float> u0, Vector512<float> u1, Vector512<float> u2, Vector512<float> u3) =
                x.Wide ? Residuals<ArgumentsAdded>(block, n, x) : Residuals<ExponentialsMultiplied>(block, n, x);
            Squared += Vector512.Sum((u0 * u0) + (u1 * u1) + (u2 * u2) + (u3 * u3));
            Absolute += Vector512.Sum(Vector512.Abs(u0) + Vector512.Abs(u1) + Vector512.Abs(u2) + Vector512.Abs(u3));
            Sum += Vector512.Sum(u0 + u1 + u2 + u3);
            Accumulate(n, u0, u1, u2, u3);
        }

        for (int f = 0; f < _shape.Features; f++)
        {
            ref float lanes = ref _rowSums.At(f * Rows * Lanes);
            for (int j = 0; j < Rows; j++)
            {
                rowSums.At((f * _shape.PaddedRows) + (block * Rows) + j) =
                    Vector512.Sum(Vector512.LoadUnsafe(ref lanes, (nuint)(j * Lanes)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Reciprocal(Vector512<float> x)
    {
        if (!Avx512F.IsSupported)
        {
            return Vector512<float>.One / x;
        }

        // 14 bits from the table, 28 after one step of Newton: a division without the divider.
        Vector512<float> r = Avx512F.Reciprocal14(x);
        return r * Avx512F.FusedMultiplyAddNegated(x, r, Vector512.Create(2f));
    }

    private (Vector512<float> U0, Vector512<float> U1, Vector512<float> U2, Vector512<float> U3) Residuals<TSum>(
        int block, int n, TileInputs x)
        where TSum : struct, IArgumentSum
    {
        Vector512<float> beta = Vector512.Create(x.Theta.At(_shape.Beta));
        (Vector512<float> y0, Vector512<float> y1, Vector512<float> y2, Vector512<float> y3) = (beta, beta, beta, beta);
        ref float rows = ref x.Rows.At(block * Rows * _shape.Features);
        ref float columns = ref x.Columns.At(n);
        ref float weights = ref x.Weights.At(0);
        ref float to = ref _sigmoids.At(0);
        for (int f = 0; f < _shape.Features; f++)
        {
            Vector512<float> column = Vector512.LoadUnsafe(ref columns, (nuint)(f * _shape.PaddedColumns));
            Vector512<float> weight = Vector512.Create(Unsafe.Add(ref weights, f));
            ref float row = ref Unsafe.Add(ref rows, f * Rows);
            Vector512<float> s0 = Reciprocal(TSum.OnePlus(Vector512.Create(row), column));
            Vector512<float> s1 = Reciprocal(TSum.OnePlus(Vector512.Create(Unsafe.Add(ref row, 1)), column));
            Vector512<float> s2 = Reciprocal(TSum.OnePlus(Vector512.Create(Unsafe.Add(ref row, 2)), column));
            Vector512<float> s3 = Reciprocal(TSum.OnePlus(Vector512.Create(Unsafe.Add(ref row, 3)), column));
            y0 = Vector512.FusedMultiplyAdd(weight, s0, y0);
            y1 = Vector512.FusedMultiplyAdd(weight, s1, y1);
            y2 = Vector512.FusedMultiplyAdd(weight, s2, y2);
            y3 = Vector512.FusedMultiplyAdd(weight, s3, y3);
            nuint at = (nuint)(f * Rows * Lanes);
            s0.StoreUnsafe(ref to, at);
            s1.StoreUnsafe(ref to, at + Lanes);
            s2.StoreUnsafe(ref to, at + (2 * Lanes));
            s3.StoreUnsafe(ref to, at + (3 * Lanes));
        }

        Vector512<int> inside =
            Vector512.LessThan(Vector512.Create(n) + Vector512<int>.Indices, Vector512.Create(_shape.Columns));
        ref float target = ref x.Target.At((block * Rows * _shape.PaddedColumns) + n);
        int left = _shape.Rows - (block * Rows);
        return (
            Masked(y0, ref target, inside),
            left > 1 ? Masked(y1, ref Unsafe.Add(ref target, _shape.PaddedColumns), inside) : Vector512<float>.Zero,
            left > 2 ? Masked(y2, ref Unsafe.Add(ref target, 2 * _shape.PaddedColumns), inside) : Vector512<float>.Zero,
            left > 3
                ? Masked(y3, ref Unsafe.Add(ref target, 3 * _shape.PaddedColumns), inside)
                : Vector512<float>.Zero);
    }

    private static Vector512<float> Masked(Vector512<float> y, ref float target, Vector512<int> inside) =>
        (y - Vector512.LoadUnsafe(ref target)) & inside.AsSingle();

    private void Accumulate(int n, Vector512<float> u0, Vector512<float> u1, Vector512<float> u2, Vector512<float> u3)
    {
        ref float from = ref _sigmoids.At(0);
        ref float rows = ref _rowSums.At(0);
        ref float columns = ref ColumnSums.At(n);
        ref float weights = ref _weightSums.At(0);
        for (int f = 0; f < _shape.Features; f++)
        {
            nuint at = (nuint)(f * Rows * Lanes);
            Vector512<float> s0 = Vector512.LoadUnsafe(ref from, at);
            Vector512<float> s1 = Vector512.LoadUnsafe(ref from, at + Lanes);
            Vector512<float> s2 = Vector512.LoadUnsafe(ref from, at + (2 * Lanes));
            Vector512<float> s3 = Vector512.LoadUnsafe(ref from, at + (3 * Lanes));
            (Vector512<float> t0, Vector512<float> t1, Vector512<float> t2, Vector512<float> t3) =
                (u0 * s0, u1 * s1, u2 * s2, u3 * s3);
            nuint lanes = (nuint)(f * Lanes);
            (Vector512.LoadUnsafe(ref weights, lanes) + (t0 + t1) + (t2 + t3)).StoreUnsafe(ref weights, lanes);

            // u s (1 - s) = t - t s.
            t0 -= t0 * s0;
            t1 -= t1 * s1;
            t2 -= t2 * s2;
            t3 -= t3 * s3;
            (Vector512.LoadUnsafe(ref rows, at) + t0).StoreUnsafe(ref rows, at);
            (Vector512.LoadUnsafe(ref rows, at + Lanes) + t1).StoreUnsafe(ref rows, at + Lanes);
            (Vector512.LoadUnsafe(ref rows, at + (2 * Lanes)) + t2).StoreUnsafe(ref rows, at + (2 * Lanes));
            (Vector512.LoadUnsafe(ref rows, at + (3 * Lanes)) + t3).StoreUnsafe(ref rows, at + (3 * Lanes));
            nuint column = (nuint)(f * _shape.PaddedColumns);
            (Vector512.LoadUnsafe(ref columns, column) + (t0 + t1) + (t2 + t3)).StoreUnsafe(ref columns, column);
        }
    }
}

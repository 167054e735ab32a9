using FlatLearning.Fitting.Codes;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting;

/// <summary>
/// H of the weighted squared error tr(dWᵀ H dW), dW = W - W~ [K, N]: the second moment E[x xᵀ] of the inputs that
/// multiply W, so that the error is that of the products x·W. Identity, diagonal [K] or full symmetric positive
/// semidefinite [K, K]. Only ratios matter: H is kept with a mean diagonal of 1. Immutable.
/// </summary>
public sealed class Hessian
{
    /// <summary>
    /// The default <see cref="Ridge"/>: second moments are estimates, and inputs that were silent while they were
    /// measured may speak later.
    /// </summary>
    public const double DefaultRidge = 0.01;

    /// <summary>
    /// How far opposite elements may differ, and an element exceed the geometric mean of its diagonal ones, as a share
    /// of that mean: rounding of float32 sums.
    /// </summary>
    private const double Tolerance = 1e-3;

    /// <summary>Rows whose products are in memory at a time while an energy is added up.</summary>
    private const int RowsAtATime = 64;

    private readonly double[] _values;
    private readonly Lock _factoring = new();
    private FeedbackFactor? _factor;

    private Hessian(double[] values, int rows, double ridge) => (_values, Rows, Ridge) = (values, rows, ridge);

    /// <summary>H = I: every error counts alike. Fits weights of any number of rows.</summary>
    public static Hessian Identity { get; } = new([], 0, 0);

    /// <summary>K; 0 for <see cref="Identity"/>.</summary>
    public int Rows { get; }

    /// <summary>
    /// What a factorisation of H adds to its diagonal, whose mean is 1: a semidefinite H has no inverse. Errors are
    /// measured without it.
    /// </summary>
    public double Ridge { get; }

    /// <summary>Whether H = I.</summary>
    public bool IsIdentity => Rows == 0;

    /// <summary>Whether H has elements beside its diagonal.</summary>
    public bool IsFull => _values.Length > Rows;

    /// <summary>
    /// A full H with rows and columns at other places: place i of the result is what stood at
    /// <paramref name="order"/>[i].
    /// </summary>
    internal Hessian Reordered(int[] order)
    {
        double[] values = new double[_values.Length];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Rows; j++)
            {
                values[(i * Rows) + j] = _values[(order[i] * Rows) + order[j]];
            }
        }

        return new Hessian(values, Rows, Ridge);
    }

    /// <summary>
    /// H, row-major [K, K], when <see cref="IsFull"/>; its diagonal [K] when diagonal; empty when identity.
    /// </summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>
    /// A diagonal H. Equal values give <see cref="Identity"/>; so do zeros: where nothing is known to count, everything
    /// does.
    /// </summary>
    /// <param name="diagonal">[K], finite and not negative.</param>
    /// <param name="ridge">Share of the mean that is added where a weight must not vanish, 0 to 1.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static Hessian Diagonal(ReadOnlySpan<double> diagonal, double ridge = DefaultRidge)
    {
        RequireRidge(ridge);
        Require(diagonal.Length > 0, "the error weight has no rows, expected one value per input");
        return Create(diagonal.ToArray(), diagonal.Length, ridge);
    }

    /// <summary>
    /// A full H. One without elements beside its diagonal is <see cref="Diagonal"/>, and so treated faster with the
    /// same result.
    /// </summary>
    /// <param name="matrix">Row-major [K, K]: finite, symmetric, no negative diagonal, no |H[i,j]| above
    /// sqrt(H[i,i]·H[j,j]) (both within rounding of float32).</param>
    /// <param name="rows">K.</param>
    /// <param name="ridge">See <see cref="Ridge"/>, 0 to 1.</param>
    /// <exception cref="ArgumentException">The matrix is none of the above; the message says where.</exception>
    public static Hessian Full(ReadOnlySpan<double> matrix, int rows, double ridge = DefaultRidge)
    {
        RequireRidge(ridge);
        Require(
            rows > 0 && matrix.Length == (long)rows * rows,
            $"the error weight has {matrix.Length} values, expected {rows} x {rows}");
        double[] diagonal = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            diagonal[i] = matrix[(i * rows) + i];
            RequireDiagonal(diagonal[i], i);
        }

        double[] symmetric = new double[matrix.Length];
        bool full = false;
        for (int i = 0; i < rows; i++)
        {
            symmetric[(i * rows) + i] = diagonal[i];
            for (int j = 0; j < i; j++)
            {
                double lower = matrix[(i * rows) + j];
                double upper = matrix[(j * rows) + i];
                double bound = Math.Sqrt(diagonal[i]) * Math.Sqrt(diagonal[j]);
                double middle = (0.5 * lower) + (0.5 * upper);
                if (!(Math.Abs(lower - upper) <= Tolerance * bound))
                {
                    throw new ArgumentException(
                        $"the error weight is not symmetric: {lower} at row {i}, column {j}, but {upper} at row "
                            + $"{j}, column {i}");
                }

                if (!(Math.Abs(middle) <= bound * (1 + Tolerance)))
                {
                    throw new ArgumentException(
                        $"the error weight is not positive semidefinite: {middle} at row {i}, column {j}, but "
                            + $"{diagonal[i]} and {diagonal[j]} on the diagonal");
                }

                symmetric[(i * rows) + j] = symmetric[(j * rows) + i] = middle;
                full |= middle != 0;
            }
        }

        return Create(full ? symmetric : diagonal, rows, ridge);
    }

    /// <summary>The factor of a full H, made when first asked for: one H may serve several weights.</summary>
    /// <param name="workers">The threads to make it on.</param>
    internal FeedbackFactor FactorBy(IWorkers workers)
    {
        lock (_factoring)
        {
            return _factor ??= FeedbackFactor.Of(this, workers);
        }
    }

    /// <summary>H[k, k]; 1 for <see cref="Identity"/>.</summary>
    public double At(int row) => IsIdentity ? 1 : IsFull ? _values[(row * Rows) + row] : _values[row];

    /// <summary>tr(Eᵀ H E), in double precision.</summary>
    /// <param name="e">E, row-major [K, columns].</param>
    /// <param name="columns">N.</param>
    /// <param name="workers">The threads of the work; by default the caller's alone.</param>
    public double Energy(ReadOnlyMemory<double> e, int columns, IWorkers? workers = null)
    {
        int rows = e.Length / columns;
        RequireRows(rows);
        double total = 0;
        if (!IsFull)
        {
            for (int k = 0; k < rows; k++)
            {
                double weight = At(k);
                foreach (double value in e.Span.Slice(k * columns, columns))
                {
                    total += value * (weight * value);
                }
            }

            return Math.Max(0, total);
        }

        double[] products = new double[Math.Min(rows, RowsAtATime) * columns];
        for (int first = 0; first < rows; first += RowsAtATime)
        {
            int begin = first;
            int count = Math.Min(RowsAtATime, rows - begin);
            (workers ?? ThreadWorkers.Single).For(count, i =>
            {
                // Row k against itself and, in one sum, against the rows above it: each pair once.
                int k = begin + i;
                Span<double> product = products.AsSpan(i * columns, columns);
                product.Clear();
                Lines.AddScaled(product, At(k), e.Span.Slice(k * columns, columns));
                for (int j = 0; j < k; j++)
                {
                    Lines.AddScaled(product, 2 * _values[(k * rows) + j], e.Span.Slice(j * columns, columns));
                }
            });
            ReadOnlySpan<double> lines = e.Span.Slice(begin * columns, count * columns);
            for (int i = 0; i < lines.Length; i++)
            {
                total += lines[i] * products[i];
            }
        }

        return Math.Max(0, total);
    }

    /// <summary>destination = H · source, in float32; both row-major [K, stride], not overlapping.</summary>
    /// <param name="source">Any number of columns, padding included.</param>
    /// <param name="destination">Overwritten.</param>
    /// <param name="stride">Floats per row.</param>
    public void Multiply(ReadOnlySpan<float> source, Span<float> destination, int stride)
    {
        int rows = source.Length / stride;
        RequireRows(rows);
        for (int k = 0; k < rows; k++)
        {
            Span<float> target = destination.Slice(k * stride, stride);
            target.Clear();
            for (int j = IsFull ? 0 : k; j < (IsFull ? rows : k + 1); j++)
            {
                Lines.AddScaled(
                    target, IsFull ? (float)_values[(k * rows) + j] : (float)At(k), source.Slice(j * stride, stride));
            }
        }
    }

    /// <summary>Throws <see cref="ArgumentException"/> when H is for another number of inputs.</summary>
    public void RequireRows(int rows) =>
        Require(IsIdentity || Rows == rows, $"the error weight is for {Rows} inputs, the weight has {rows}");

    private static Hessian Create(double[] values, int rows, double ridge)
    {
        int step = values.Length > rows ? rows + 1 : 1;
        double largest = 0;
        for (int i = 0; i < rows; i++)
        {
            RequireDiagonal(values[i * step], i);
            largest = Math.Max(largest, values[i * step]);
        }

        if (largest == 0)
        {
            return Identity;
        }

        // The largest first: the sum of huge numbers would overflow.
        double mean = 0;
        for (int i = 0; i < rows; i++)
        {
            mean += values[i * step] / largest;
        }

        mean /= rows;
        bool identity = step == 1;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = values[i] / largest / mean;
            identity &= values[i] == 1;
        }

        return identity ? Identity : new Hessian(values, rows, ridge);
    }

    private static void RequireDiagonal(double value, int row)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentException(
                $"the error weight is {value} on its diagonal at row {row}, expected a finite number that is not "
                    + "negative");
        }
    }

    private static void RequireRidge(double ridge) =>
        Require(ridge is >= 0 and <= 1, $"the ridge of the error weight is {ridge}, expected 0 to 1");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}

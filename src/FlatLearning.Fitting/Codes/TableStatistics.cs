using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Normal equations of the codebook for fixed codes: minimise sum w · (x - sum_t table[t, z[k-t]])² over all tables at
/// once. docs/derivations/trellis-codebook.md.
/// </summary>
internal sealed class TableStatistics
{
    /// <summary>
    /// The solution is pulled to the previous tables with this share of the mean diagonal: constants can move between
    /// the tables without changing any sum, so the equations alone are singular.
    /// </summary>
    private const double Ridge = 1e-6;

    private readonly int _levels;
    private readonly int _taps;
    private readonly int _size;
    private readonly double[] _normal;
    private readonly double[] _right;

    public TableStatistics(int bits, int taps)
    {
        (_levels, _taps) = (1 << bits, taps);
        _size = taps << bits;
        _normal = new double[_size * _size];
        _right = new double[_size];
    }

    /// <summary>Adds one column.</summary>
    /// <param name="codes">Codes, row-major with <paramref name="stride"/> columns.</param>
    /// <param name="x">Normalised weights, laid out like the codes.</param>
    /// <param name="column">Which column.</param>
    /// <param name="stride">Columns of both.</param>
    /// <param name="rowWeights">[rows]; multiplied by <paramref name="columnWeight"/>.</param>
    /// <param name="columnWeight">How much an error in this column counts.</param>
    public void Add(
        ReadOnlySpan<byte> codes, ReadOnlySpan<float> x, int column, int stride, ReadOnlySpan<float> rowWeights,
        double columnWeight)
    {
        for (int tap = 0; tap < _taps; tap++)
        {
            AddTap(tap, codes, x, column, stride, rowWeights, columnWeight);
        }
    }

    /// <summary>
    /// Adds what one column says of a tap and those before it. Several threads may add different taps at the same time.
    /// </summary>
    /// <inheritdoc cref="Add"/>
    /// <param name="tap">Which tap.</param>
    public void AddTap(
        int tap, ReadOnlySpan<byte> codes, ReadOnlySpan<float> x, int column, int stride,
        ReadOnlySpan<float> rowWeights, double columnWeight)
    {
        for (int k = tap; k < rowWeights.Length; k++)
        {
            double weight = rowWeights[k] * columnWeight;
            int i = (tap * _levels) + codes[((k - tap) * stride) + column];
            _right[i] += weight * x[(k * stride) + column];
            Span<double> line = _normal.AsSpan(i * _size, i + 1);
            for (int s = 0; s < tap; s++)
            {
                line[(s * _levels) + codes[((k - s) * stride) + column]] += weight;
            }

            line[i] += weight;
        }
    }

    /// <summary>
    /// The tables of least error, near to <paramref name="current"/> where the data leaves a choice. Not finite never
    /// comes out: then the current tables stay.
    /// </summary>
    public AdditiveTables Solve(AdditiveTables current) =>
        Solve((double[])_normal.Clone(), (double[])_right.Clone(), current);

    /// <summary>
    /// The same for normal equations summed elsewhere; the lower triangle is read, both are overwritten.
    /// </summary>
    public static AdditiveTables Solve(double[] normal, double[] right, AdditiveTables current)
    {
        int size = right.Length;
        double trace = 0;
        for (int i = 0; i < size; i++)
        {
            trace += normal[(i * size) + i];
        }

        double ridge = Ridge * trace / size;
        if (!(ridge > 0) || !double.IsFinite(ridge))
        {
            return current;
        }

        for (int i = 0; i < size; i++)
        {
            normal[(i * size) + i] += ridge;
            right[i] += ridge * current.Values[i];
        }

        return Cholesky.Solve(normal, right)
            ? new AdditiveTables(current.Bits, current.Taps, Array.ConvertAll(right, value => (float)value))
            : current;
    }
}

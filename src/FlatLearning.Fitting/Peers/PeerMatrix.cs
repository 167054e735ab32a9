namespace FlatLearning.Fitting.Peers;

/// <summary>A dense matrix W [K, N] to be stored, with what several formats compute from it, once.</summary>
internal sealed class PeerMatrix
{
    private readonly Lazy<SingularValues> _singularValues;

    /// <summary>Wraps a matrix.</summary>
    /// <param name="values">Row-major [rows, columns], finite; not copied.</param>
    /// <param name="rows">K, 1 or more.</param>
    /// <param name="columns">N, 1 or more.</param>
    /// <exception cref="ArgumentException">The values do not fill the shape, or one is not finite.</exception>
    public PeerMatrix(ReadOnlyMemory<float> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if ((long)rows * columns != values.Length)
        {
            throw new ArgumentException(
                $"a matrix of {rows} x {columns} needs {(long)rows * columns} values, found {values.Length}",
                nameof(values));
        }

        foreach (float value in values.Span)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException($"the matrix holds {value}, expected finite values", nameof(values));
            }
        }

        (Values, Rows, Columns) = (values, rows, columns);
        _singularValues = new Lazy<SingularValues>(() => SingularValues.Of(Values.Span, Rows, Columns));
    }

    /// <summary>W, row-major [K, N].</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>The decomposition W = sum of s_i u_i v_iᵀ, computed when it is first asked for.</summary>
    internal SingularValues SingularValues => _singularValues.Value;
}

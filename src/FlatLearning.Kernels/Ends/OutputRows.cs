namespace FlatLearning.Kernels.Ends;

/// <summary>Rows of y as a kernel writes them: gamma · sum + bias, rounded to the element type.</summary>
internal readonly unsafe struct OutputRows
{
    private readonly ElementType _type;
    private readonly float* _scale;
    private readonly float* _bias;
    private readonly double[]? _wideBias;

    /// <summary>Takes memory.</summary>
    /// <param name="data">[rows, N].</param>
    /// <param name="type">Its element type.</param>
    /// <param name="ends">Gamma and bias.</param>
    public OutputRows(nint data, ElementType type, ProductEnds ends)
    {
        (Data, _type, Columns) = (data, type, ends.Columns);
        _scale = ends.ColumnScale;
        _bias = ends.Bias;
        _wideBias = ends.WideBias;
    }

    /// <summary>The first element.</summary>
    public nint Data { get; }

    /// <summary>N, elements from row to row.</summary>
    public int Columns { get; }

    /// <summary>The first element where a kernel may write floats itself, else null.</summary>
    public float* Floats => _type == ElementType.Float32 ? (float*)Data : null;

    /// <summary>gamma from a column on.</summary>
    public float* Scale(int column) => _scale + column;

    /// <summary>The bias from a column on.</summary>
    public float* Bias(int column) => _bias + column;

    /// <summary>Finishes some sums and writes them.</summary>
    /// <param name="sums">[width]; overwritten.</param>
    /// <param name="column">The first column.</param>
    /// <param name="width">Columns.</param>
    /// <param name="row">The row.</param>
    public void Write(float* sums, int column, int width, long row)
    {
        long first = (row * Columns) + column;
        if (_type == ElementType.Float32)
        {
            RowMath.MultiplyAdd(sums, _scale + column, _bias + column, (float*)Data + first, width);
            return;
        }

        RowMath.MultiplyAdd(sums, _scale + column, _bias + column, sums, width);
        ElementConverter.Write(_type, sums, (byte*)Data + (first * _type.Bytes()), width);
    }

    /// <summary>Writes the bias alone to the first rows; for float32 and float64.</summary>
    public void WriteBias(long rows)
    {
        for (long row = 0; row < rows; row++)
        {
            if (_type == ElementType.Float32)
            {
                new Span<float>(_bias, Columns).CopyTo(new Span<float>((float*)Data + (row * Columns), Columns));
                continue;
            }

            Span<double> target = new((double*)Data + (row * Columns), Columns);
            target.Clear();
            _wideBias.CopyTo(target);
        }
    }
}

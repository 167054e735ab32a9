namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// The unknowns of the published model f(k, n) = beta + sum_m v_m sum_r sigmoid(A_r (p_k + S_r q_n) + c_r)_m and where
/// they lie in the flat vector theta: P [d, rows padded], Q [d, columns padded], A [R·M, d], c [R·M], v [M], beta, each
/// group beginning at a multiple of 16. Padding is 0 and stays 0.
/// </summary>
internal sealed class PublishedShape
{
    public PublishedShape(int rows, int columns, int stateDim = 52, int shifts = 6, int width = 14)
    {
        (Rows, Columns, StateDim, Shifts, Width) = (rows, columns, stateDim, shifts, width);
        PaddedRows = AlignedArray.RoundUp(rows);
        PaddedColumns = AlignedArray.RoundUp(columns);
        Features = shifts * width;
        Q = stateDim * PaddedRows;
        A = Q + (stateDim * PaddedColumns);
        C = A + AlignedArray.RoundUp(Features * stateDim);
        V = C + AlignedArray.RoundUp(Features);
        Beta = V + AlignedArray.RoundUp(width);
        Length = Beta + AlignedArray.Lanes;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>d.</summary>
    public int StateDim { get; }

    /// <summary>R; the published code has 6.</summary>
    public int Shifts { get; }

    /// <summary>M.</summary>
    public int Width { get; }

    /// <summary>R·M; feature f belongs to shift f / M and to weight v[f mod M].</summary>
    public int Features { get; }

    public int PaddedRows { get; }

    public int PaddedColumns { get; }

    /// <summary>Offset of Q; P begins at 0.</summary>
    public int Q { get; }

    public int A { get; }

    public int C { get; }

    public int V { get; }

    public int Beta { get; }

    public int Length { get; }

    /// <summary>Unknowns without padding.</summary>
    public int ParameterCount => ((Rows + Columns) * StateDim) + (Features * (StateDim + 1)) + Width + 1;

    /// <summary>Coordinates that the states of columns are moved by for a shift: floor(r d / R).</summary>
    public int ShiftOf(int shift) => shift * StateDim / Shifts;

    /// <summary>
    /// Reads unknowns without padding, states row by row: P [rows, d], Q [columns, d], A, c, v, beta.
    /// </summary>
    public AlignedArray Pack(ReadOnlySpan<float> plain)
    {
        AlignedArray theta = new(Length);
        int next = 0;
        foreach (int place in Places())
        {
            theta.Span[place] = plain[next++];
        }

        return theta;
    }

    /// <summary>The opposite of <see cref="Pack"/>.</summary>
    public float[] Unpack(AlignedArray theta)
    {
        float[] plain = new float[ParameterCount];
        int next = 0;
        foreach (int place in Places())
        {
            plain[next++] = theta.Span[place];
        }

        return plain;
    }

    private IEnumerable<int> Places()
    {
        IEnumerable<int> rows = Enumerable.Range(0, Rows * StateDim)
            .Select(i => (i % StateDim * PaddedRows) + (i / StateDim));
        IEnumerable<int> columns = Enumerable.Range(0, Columns * StateDim)
            .Select(i => Q + (i % StateDim * PaddedColumns) + (i / StateDim));
        return rows.Concat(columns)
            .Concat(Enumerable.Range(A, Features * StateDim))
            .Concat(Enumerable.Range(C, Features))
            .Concat(Enumerable.Range(V, Width)).Append(Beta);
    }
}

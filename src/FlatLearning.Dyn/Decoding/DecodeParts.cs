namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// Which parts of W[k,n] = row_scale[k] · column_scale[n] · (metric + code) + sparse[k,n] a decoder writes. Absent
/// parts of a weight count as metric 0, code 0, scale 1.
/// </summary>
[Flags]
public enum DecodeParts
{
    /// <summary>code[k,n].</summary>
    Codes = 1,

    /// <summary>metric(p_k, q_n).</summary>
    Metric = 2,

    /// <summary>metric + code: what a kernel needs that applies row scales to x and column scales to y.</summary>
    Unscaled = Codes | Metric,

    /// <summary>row_scale[k], multiplied onto the other parts.</summary>
    RowScale = 4,

    /// <summary>column_scale[n], multiplied onto the other parts.</summary>
    ColumnScale = 8,

    /// <summary>Both scales.</summary>
    Scales = RowScale | ColumnScale,

    /// <summary>sparse[k,n], added to the other parts as it is.</summary>
    Sparse = 16,

    /// <summary>W itself.</summary>
    All = Unscaled | Scales | Sparse,
}

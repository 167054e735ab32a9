namespace FlatLearning.Dyn.Operators;

/// <summary>Input positions of <c>DynMatMul</c>; shapes and types in <c>schemas/DynMatMul.md</c>.</summary>
public enum DynInput
{
    /// <summary>x [..., K].</summary>
    X = 0,

    /// <summary>Packed codes, uint8 [G, K, b·g/8].</summary>
    Codes = 1,

    /// <summary>Codebook, [taps, 2^b] or [2^(b·taps)].</summary>
    Codebook = 2,

    /// <summary>Row scales [K].</summary>
    RowScale = 3,

    /// <summary>Column scales [N].</summary>
    ColumnScale = 4,

    /// <summary>Bias [N].</summary>
    Bias = 5,

    /// <summary>Packed row states, uint8 [Gp, D, s·gp/8].</summary>
    RowStates = 6,

    /// <summary>Packed column states, uint8 [Gq, D, s·gq/8].</summary>
    ColumnStates = 7,

    /// <summary>Minimum and step per state coordinate, [4, D] or [2, D].</summary>
    StateRange = 8,

    /// <summary>The metric's own parameters.</summary>
    MetricParameters = 9,

    /// <summary>Where sections begin in the bands of codes, uint16 or int32 [G + 1, B].</summary>
    Bands = 10,

    /// <summary>Gaps between sparse elements, uint8 or uint16 [E].</summary>
    SparseGaps = 11,

    /// <summary>Values of sparse elements, [E].</summary>
    SparseValues = 12,
}

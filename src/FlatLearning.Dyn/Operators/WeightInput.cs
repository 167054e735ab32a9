namespace FlatLearning.Dyn.Operators;

/// <summary>
/// Constant inputs that a weight may put into a node, numbered from the first one; every operator of the domain has
/// them in this order, behind its operands. Shapes and types in <c>schemas/DynMatMul.md</c>.
/// </summary>
public enum WeightInput
{
    /// <summary>Packed codes, uint8 [G, K, b·g/8]; with bands or entropy storage rank 1.</summary>
    Codes,

    /// <summary>Codebook, [taps, 2^b] or [2^(b·taps)]; with bands the tables of all of them.</summary>
    Codebook,

    /// <summary>Row scales [K].</summary>
    RowScale,

    /// <summary>Column scales [N].</summary>
    ColumnScale,

    /// <summary>Packed row states, uint8 [Gp, D, s·gp/8].</summary>
    RowStates,

    /// <summary>Packed column states, uint8 [Gq, D, s·gq/8].</summary>
    ColumnStates,

    /// <summary>Minimum and step per state coordinate, [4, D] or [2, D], or the columns' offset, [1, D].</summary>
    StateRange,

    /// <summary>The metric's own parameters.</summary>
    MetricParameters,

    /// <summary>Where sections begin in the bands of codes, uint16 or int32 [G + 1, B].</summary>
    Bands,

    /// <summary>Gaps between sparse elements, uint8 or uint16 [E].</summary>
    SparseGaps,

    /// <summary>Values of sparse elements, [E].</summary>
    SparseValues,
}

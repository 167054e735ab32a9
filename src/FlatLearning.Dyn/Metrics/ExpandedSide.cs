namespace FlatLearning.Dyn.Metrics;

/// <summary>Whose argument of the riem metric is expanded in polynomials.</summary>
public enum ExpandedSide
{
    /// <summary>A_r p_k + c_r.</summary>
    Rows,

    /// <summary>A_r S_r q_n + c_r.</summary>
    Columns,
}

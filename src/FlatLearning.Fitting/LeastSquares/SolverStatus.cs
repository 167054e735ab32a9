namespace FlatLearning.Fitting.LeastSquares;

/// <summary>Why a solver stopped. <see cref="SolverSummary.Reason"/> has the inequality with its numbers.</summary>
internal enum SolverStatus
{
    /// <summary>(cost before - cost) / cost &lt; function tolerance over a number of accepted steps in a row.</summary>
    FunctionTolerance,

    /// <summary>Largest component of the gradient in units of its scale &lt; gradient tolerance.</summary>
    GradientTolerance,

    /// <summary>No step lowers the cost, however short: damping &gt; largest damping.</summary>
    NoDescent,

    /// <summary>Work done &gt;= work limit.</summary>
    WorkLimit,

    /// <summary>Seconds passed &gt;= time limit. Only then does a result depend on the machine.</summary>
    TimeLimit,

    /// <summary>Cost &lt;= cost limit: the fit is as good as its use needs.</summary>
    CostLimit,
}

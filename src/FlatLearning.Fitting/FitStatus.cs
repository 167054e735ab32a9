namespace FlatLearning.Fitting;

/// <summary>How a fit ended.</summary>
public enum FitStatus
{
    /// <summary>A representation was found; the iterations had converged.</summary>
    Converged,

    /// <summary>A representation was found; the iteration budget ended before convergence.</summary>
    BudgetSpent,

    /// <summary>The weight holds NaN or infinity: there is no representation.</summary>
    NotFinite,

    /// <summary>The requested method cannot represent this weight: there is no representation.</summary>
    NotRepresentable,
}

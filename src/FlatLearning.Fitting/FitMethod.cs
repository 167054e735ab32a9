namespace FlatLearning.Fitting;

/// <summary>Which parts of the representation a weight gets.</summary>
public enum FitMethod
{
    /// <summary>The fitter chooses. At present always <see cref="Codes"/>; choosing per weight among hybrids of metric and codes is the work of the planner to come.</summary>
    Auto,

    /// <summary>Row and column scales with codes.</summary>
    Codes,

    /// <summary>The RieM metric alone, as published (ICML 2024).</summary>
    Riem,

    /// <summary>The DyN metric with L1 distances alone, as published (ICML 2023).</summary>
    DynL1,

    /// <summary>The DyN metric with Euclidean distances alone, as published (ICML 2023).</summary>
    DynL2,

    /// <summary>The DyN metric with inverse Euclidean distances alone, as published (ICML 2023).</summary>
    DynInverseL2,
}

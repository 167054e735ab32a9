namespace FlatLearning.Fitting;

/// <summary>Which parts of the representation a weight gets.</summary>
public enum FitMethod
{
    /// <summary>The fitter chooses. At present always <see cref="Codes"/>: on the largest weight of twelve real models codes had less error than either metric alone.</summary>
    Auto,

    /// <summary>Row and column scales with codes.</summary>
    Codes,

    /// <summary>The RieM metric alone, as published (ICML 2024).</summary>
    Riem,

    /// <summary>The DyN metric with L1 distances alone, as published (ICML 2023).</summary>
    DynL1,
}

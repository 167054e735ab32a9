namespace FlatLearning.Fitting;

/// <summary>Which parts of the representation a weight gets.</summary>
public enum FitMethod
{
    /// <summary>
    /// The fitter chooses: of codes, metrics followed by codes, and metrics alone the one of least error within
    /// <see cref="FitOptions.BitsPerWeight"/>. Without that, <see cref="Codes"/>: at the size of codes of a whole
    /// number of bits nothing else was measured to be worth its time.
    /// </summary>
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

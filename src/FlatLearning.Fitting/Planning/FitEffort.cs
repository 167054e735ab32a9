namespace FlatLearning.Fitting.Planning;

/// <summary>
/// How much work a plan may cost. The errors of its fits do not depend on it, only what is looked at before.
/// </summary>
public enum FitEffort
{
    /// <summary>Codes alone, from small samples.</summary>
    Fast,

    /// <summary>Codes, and metrics in front of them where the spectrum says that they pay clearly.</summary>
    Default,

    /// <summary>Larger samples, every metric that may pay, and long fits of them.</summary>
    Max,
}

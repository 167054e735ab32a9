namespace FlatLearning.Benchmarks.Plans;

/// <summary>Which inputs models are judged by.</summary>
internal enum EvaluationKind
{
    /// <summary>Real ones where there are some, else what the model writes itself, else made-up ones.</summary>
    Best,

    /// <summary>What the model writes itself, else made-up ones.</summary>
    Self,

    /// <summary>Made-up ones: whole numbers evenly from their range, normally distributed real numbers.</summary>
    MadeUp,
}

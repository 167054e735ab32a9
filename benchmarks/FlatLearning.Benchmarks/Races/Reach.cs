namespace FlatLearning.Benchmarks.Races;

/// <summary>How a number of steps to an error is known.</summary>
internal enum Reach
{
    /// <summary>The baseline got there in this run.</summary>
    Measured,

    /// <summary>
    /// The baseline got there in a recorded run of <c>published-fit</c>: its steps are real, their time is that of
    /// steps in this run.
    /// </summary>
    Recorded,

    /// <summary>
    /// Nothing got there: a power of the number of steps, fitted to the second half of the checkpoints, would within
    /// ten times the steps done.
    /// </summary>
    Extrapolated,

    /// <summary>Nothing got near enough for a prediction, or the error no longer falls.</summary>
    Unknown,
}

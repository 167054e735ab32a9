namespace FlatLearning.Kernels.Ends;

/// <summary>What a kernel writes.</summary>
internal enum OutputForm
{
    /// <summary>Each element once and finished, by <see cref="OutputRows.Write"/> or into
    /// <see cref="OutputRows.Floats"/>.
    /// </summary>
    Finished,

    /// <summary>
    /// Whole rows in float32 (for x in float64, in float64) to which more is added; rounded to the type of y behind it.
    /// </summary>
    Accumulated,
}

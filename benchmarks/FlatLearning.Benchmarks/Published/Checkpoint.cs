namespace FlatLearning.Benchmarks.Published;

/// <summary>A point of a run of the published recipe.</summary>
/// <param name="Step">Steps done before the one that this follows, counted from the end of the picks.</param>
/// <param name="Loss">Summed squared error with float states, before the step.</param>
/// <param name="Error">Published measure with rounded states, after the step.</param>
/// <param name="Seconds">Wall clock spent on steps, the picks included, checkpoints not.</param>
/// <param name="ProcessorSeconds">The same in processor time of the process.</param>
internal sealed record Checkpoint(long Step, double Loss, double Error, double Seconds, double ProcessorSeconds);

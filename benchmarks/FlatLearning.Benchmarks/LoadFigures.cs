namespace FlatLearning.Benchmarks;

/// <summary>What one session creation cost in a process of its own.</summary>
/// <param name="FileBytes">Size of the model.</param>
/// <param name="Seconds">Wall clock.</param>
/// <param name="ProcessorSeconds">Processor time of all threads.</param>
/// <param name="PeakMegabytes">Peak resident set above the one before.</param>
/// <param name="ResidentMegabytes">Resident set afterwards above the one before.</param>
/// <param name="Y">float32 rows of the weight, as the model returns them for unit vectors.</param>
internal sealed record LoadFigures(
    long FileBytes, double Seconds, double ProcessorSeconds, double PeakMegabytes, double ResidentMegabytes, byte[] Y);

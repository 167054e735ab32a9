namespace FlatLearning.Benchmarks.Races;

/// <summary>
/// A duration by two clocks. On a machine that others use, the ratio of processor times is the steadier one.
/// </summary>
/// <param name="Wall">Seconds on the wall clock.</param>
/// <param name="Processor">Seconds of processor time, all threads together.</param>
internal readonly record struct RaceClock(double Wall, double Processor)
{
    public static RaceClock operator +(RaceClock a, RaceClock b) => new(a.Wall + b.Wall, a.Processor + b.Processor);

    public static RaceClock operator -(RaceClock a, RaceClock b) => new(a.Wall - b.Wall, a.Processor - b.Processor);

    public static RaceClock operator *(double factor, RaceClock clock) =>
        new(factor * clock.Wall, factor * clock.Processor);
}

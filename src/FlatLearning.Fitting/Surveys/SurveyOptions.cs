namespace FlatLearning.Fitting.Surveys;

/// <summary>What a <see cref="Survey"/> compares.</summary>
public sealed record SurveyOptions
{
    /// <summary>The rates that are asked for by default.</summary>
    public static IReadOnlyList<double> DefaultRates { get; } = [1, 2, 3, 4, 6, 8];

    /// <summary>
    /// Stored bits per weight at which representations are compared, ascending, each above 0 and at most 32.
    /// </summary>
    public IReadOnlyList<double> Rates { get; init; } = DefaultRates;

    /// <summary>
    /// Our own representations that take part: all of them by default; the formats of others always do.
    /// </summary>
    public FitMethod Method { get; init; } = FitMethod.Auto;

    /// <summary>
    /// d, R, M, bits of states, seed of the fits; the method, bits, taps and budgets in it are replaced for each. A
    /// state dimension of 0 is chosen for each rate.
    /// </summary>
    public FitOptions Fit { get; init; } = new();

    /// <summary>
    /// Seconds for everything. Three quarters of them are what the fits of metrics may take together on one reference
    /// core (<see cref="FitOptions.MetricSeconds"/>), whatever the threads. On a machine too busy for that, fits end
    /// early, and what is not done when the time is over is left out, and says so.
    /// </summary>
    public double TimeLimit { get; init; } = 60;

    /// <summary>What each fit of a metric takes at most of this, in seconds of one reference core.</summary>
    public double MetricSeconds { get; init; } = 600;

    /// <summary>
    /// Threads of all fits together, 1 or more. The results do not depend on it, but for what the time limit ends
    /// early or leaves out.
    /// </summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    internal void Validate()
    {
        Fit.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        if (!(TimeLimit > 0) || !(MetricSeconds > 0) || Rates.Count == 0 || Rates.Any(rate => !(rate is > 0 and <= 32)))
        {
            throw new ArgumentException(
                "a survey needs a positive time limit, and rates above 0 up to 32 bits per weight");
        }
    }
}

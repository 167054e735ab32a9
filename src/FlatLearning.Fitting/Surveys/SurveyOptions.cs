using FlatLearning.Fitting.Metrics;

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
    /// Whether codes alone take part, of one width and of several. The formats of others always do.
    /// </summary>
    public bool Codes { get; init; } = true;

    /// <summary>
    /// The metrics that take part, alone and in front of codes. A state dimension of 0 is chosen for each rate; their
    /// seconds are replaced by what the time has room for.
    /// </summary>
    public IReadOnlyList<MetricPlan> Metrics { get; init; } = MetricPlans.All;

    /// <summary>The start of every random number.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Seconds for everything. Three quarters of them are what the fits of metrics may take together on one reference
    /// core (<see cref="MetricPlan.Seconds"/>), whatever the threads. On a machine too busy for that, fits end
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
        foreach (MetricPlan metric in Metrics)
        {
            metric.Validate();
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        if (!(TimeLimit > 0) || !(MetricSeconds > 0) || Rates.Count == 0 || Rates.Any(rate => !(rate is > 0 and <= 32)))
        {
            throw new ArgumentException(
                "a survey needs a positive time limit, and rates above 0 up to 32 bits per weight");
        }
    }
}

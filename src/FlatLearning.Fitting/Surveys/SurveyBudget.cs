namespace FlatLearning.Fitting.Surveys;

/// <summary>Shares the time of a survey out over the fits of metrics, which take as long as they are given.</summary>
internal static class SurveyBudget
{
    /// <summary>
    /// What metrics may take together; the rest is for decoding, codes and the formats of others. With a second core
    /// twice this is there.
    /// </summary>
    private const double Share = 0.75;

    /// <summary>
    /// Seconds on a reference core for each of some fits. Threads do not enter, so that results do not depend on them.
    /// </summary>
    public static double SecondsPerMetric(SurveyOptions options, int fits) =>
        Math.Min(options.MetricSeconds, Share * options.TimeLimit / Math.Max(1, fits));
}

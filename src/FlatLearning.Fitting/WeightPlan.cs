using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting;

/// <summary>
/// What a weight is to be made of: one term of a kind, or codes behind a metric. The set is closed; a plan validates
/// and fits itself, and uses everything that it says.
/// </summary>
public abstract record WeightPlan
{
    private protected WeightPlan()
    {
    }

    /// <summary>Throws <see cref="ArgumentException"/> with one sentence when a value is out of range.</summary>
    internal abstract void Validate();

    /// <summary>Fits a finite weight.</summary>
    /// <param name="target">W and H.</param>
    /// <param name="options">Seed and time limit.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    internal abstract FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation);

    /// <summary>Throws <see cref="ArgumentException"/> where the condition does not hold.</summary>
    internal static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}

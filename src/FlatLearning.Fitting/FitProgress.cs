namespace FlatLearning.Fitting;

/// <summary>Adds up shares of work that are done on any thread, and passes the sum on, one call at a time.</summary>
/// <param name="progress">Receives the sum as a share of all work, from 0 to 1, or null.</param>
/// <param name="all">All work, in the unit of the shares.</param>
/// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
internal sealed class FitProgress(IProgress<double>? progress, double all, CancellationToken cancellation)
{
    private readonly Lock _gate = new();
    private double _done;

    /// <summary>Called before or after a piece of work.</summary>
    public void Advance(double share)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _done += share;
            progress?.Report(Math.Min(1, _done / all));
        }
    }
}

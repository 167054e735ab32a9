namespace FlatLearning.Fitting.Hybrids;

/// <summary>
/// Reports a part's shares from 0 to 1 as shares from <paramref name="begin"/> to <paramref name="end"/> of the whole.
/// </summary>
internal sealed class ScaledProgress(IProgress<double>? whole, double begin, double end) : IProgress<double>
{
    /// <inheritdoc/>
    public void Report(double value) => whole?.Report(begin + (value * (end - begin)));
}

namespace FlatLearning.Onnx.Conversion;

/// <summary>Adds up the progress of several pieces of work, each weighted by its size. Thread-safe.</summary>
internal sealed class ProgressShares(IProgress<double>? total, double[] sizes)
{
    private readonly double[] _done = new double[sizes.Length];
    private readonly double _all = Math.Max(sizes.Sum(), double.Epsilon);
    private readonly Lock _lock = new();

    /// <summary>Where the given piece reports its own progress, 0 to 1; null where nobody listens.</summary>
    public IProgress<double>? Of(int piece) => total is null ? null : new Share(this, piece);

    private void Report(int piece, double value)
    {
        double sum;
        lock (_lock)
        {
            _done[piece] = Math.Clamp(value, 0, 1) * sizes[piece];
            sum = _done.Sum() / _all;
        }

        total!.Report(sum);
    }

    private sealed class Share(ProgressShares owner, int piece) : IProgress<double>
    {
        public void Report(double value) => owner.Report(piece, value);
    }
}

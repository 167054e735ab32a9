namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// When the published training ends before its last step: at the fifth checkpoint beyond 80 % of the steps at which the
/// error fell by less than 5e-6 since the checkpoint before. The five need not follow each other.
/// </summary>
internal sealed class StopRule(long steps)
{
    private const double MinFall = 5e-6;
    private const int Allowed = 5;

    private readonly double _first = Math.Round(steps * 0.8);
    private double _previous = 999;
    private int _failures;

    /// <summary>Takes one checkpoint; true when training ends with it.</summary>
    public bool Ends(long step, double error)
    {
        if (_previous - error < MinFall && step > _first)
        {
            _failures++;
        }

        if (_failures >= Allowed)
        {
            return true;
        }

        _previous = error;
        return false;
    }
}

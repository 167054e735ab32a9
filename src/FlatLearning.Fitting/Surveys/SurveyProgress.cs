namespace FlatLearning.Fitting.Surveys;

/// <summary>Adds up the progress of fits that run at the same time. Thread-safe.</summary>
internal sealed class SurveyProgress
{
    private readonly Lock _lock = new();
    private readonly IProgress<double>? _target;
    private readonly double[] _weights;
    private readonly double[] _done;
    private readonly double _all;

    /// <summary>Starts at zero.</summary>
    /// <param name="weights">The share of each fit in the work, in any unit.</param>
    /// <param name="target">Receives shares of the work from 0 to 1.</param>
    public SurveyProgress(IEnumerable<double> weights, IProgress<double>? target)
    {
        (_weights, _target) = ([.. weights], target);
        (_done, _all) = (new double[_weights.Length], _weights.Sum());
    }

    /// <summary>The progress of one fit.</summary>
    public IProgress<double> Of(int index) => new Part(this, index);

    private void Report(int index, double share)
    {
        lock (_lock)
        {
            _done[index] = Math.Max(_done[index], Math.Clamp(share, 0, 1));
            double sum = 0;
            for (int i = 0; i < _done.Length; i++)
            {
                sum += _done[i] * _weights[i];
            }

            _target?.Report(Math.Min(1, sum / _all));
        }
    }

    private sealed class Part(SurveyProgress whole, int index) : IProgress<double>
    {
        public void Report(double value) => whole.Report(index, value);
    }
}

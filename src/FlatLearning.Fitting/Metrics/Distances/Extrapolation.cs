namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Goes on along the change of the last sweep: alternating solves creep along valleys, and what they change is nearly
/// the same from sweep to sweep. Kept where it lowers the cost; the length grows with success.
/// </summary>
internal sealed class Extrapolation(DistanceModel start)
{
    private const double FirstFactor = 1;
    private const double MaxFactor = 30;
    private DistanceModel _last = start.Clone();
    private double _factor = FirstFactor;

    /// <summary>Tries to go on; changes the model where that is better. Returns its cost.</summary>
    public double Try(DistanceModel model, double cost, Func<DistanceModel, double> measure)
    {
        DistanceModel trial = model.Clone();
        Advance(trial.Rows, _last.Rows);
        Advance(trial.Columns, _last.Columns);
        for (int i = 0; i < trial.Linear.Length; i++)
        {
            trial.Linear[i] += _factor * (trial.Linear[i] - _last.Linear[i]);
        }

        double next = measure(trial);
        _last = model.Clone();
        if (!(next < cost))
        {
            _factor = Math.Max(_factor / 2, FirstFactor / 4);
            return cost;
        }

        trial.Rows.CopyTo(model.Rows, 0);
        trial.Columns.CopyTo(model.Columns, 0);
        trial.Linear.CopyTo(model.Linear, 0);
        _factor = Math.Min(_factor * 1.5, MaxFactor);
        return next;
    }

    private void Advance(float[] values, float[] last)
    {
        float factor = (float)_factor;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += factor * (values[i] - last[i]);
        }
    }
}

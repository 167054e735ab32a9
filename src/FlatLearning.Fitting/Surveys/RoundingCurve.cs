namespace FlatLearning.Fitting.Surveys;

/// <summary>
/// The least error that plain rounding has at given bits: the points that no other beats in both, with the error's
/// logarithm interpolated between.
/// </summary>
internal sealed class RoundingCurve
{
    private readonly List<(double Bits, double Error)> _points = [];

    /// <summary>Takes the points of all kinds of rounding.</summary>
    public RoundingCurve(IEnumerable<(double Bits, double Error)> points)
    {
        foreach ((double bits, double error) in points.OrderBy(point => point.Bits).ThenBy(point => point.Error))
        {
            if (_points.Count == 0 || error < _points[^1].Error)
            {
                _points.Add((bits, error));
            }
        }
    }

    /// <summary>The error at given bits: of the last point beyond it, null before the first.</summary>
    public double? ErrorAt(double bits)
    {
        int next = _points.FindIndex(point => point.Bits >= bits);
        if (next < 0)
        {
            return _points.Count > 0 ? _points[^1].Error : null;
        }

        if (next == 0)
        {
            return _points[0].Bits == bits ? _points[0].Error : null;
        }

        (double low, double high) = (_points[next - 1].Error, _points[next].Error);
        double share = (bits - _points[next - 1].Bits) / (_points[next].Bits - _points[next - 1].Bits);
        return high > 0 ? low * Math.Pow(high / low, share) : share < 1 ? low : high;
    }

    /// <summary>
    /// The bits that a given error takes; null where it lies above the first point or below the last.
    /// </summary>
    public double? BitsFor(double error)
    {
        int next = _points.FindIndex(point => point.Error <= error);
        if (next < 0 || (next == 0 && _points[0].Error < error))
        {
            return null;
        }

        if (next == 0 || _points[next].Error == error || _points[next].Error == 0)
        {
            return _points[next].Bits;
        }

        (double low, double high) = (_points[next - 1].Error, _points[next].Error);
        double share = Math.Log(error / low) / Math.Log(high / low);
        return _points[next - 1].Bits + (share * (_points[next].Bits - _points[next - 1].Bits));
    }
}

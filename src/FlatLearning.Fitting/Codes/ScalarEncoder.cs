namespace FlatLearning.Fitting.Codes;

/// <summary>Nearest-level coding with one table (one tap), in any order of the table's levels.</summary>
internal sealed class ScalarEncoder
{
    private readonly float[] _thresholds;
    private readonly byte[] _order;

    /// <summary>Prepares the thresholds of a table of 2^bits levels.</summary>
    public ScalarEncoder(ReadOnlySpan<float> table)
    {
        float[] sorted = table.ToArray();
        _order = new byte[sorted.Length];
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = (byte)i;
        }

        Array.Sort(sorted, _order);
        _thresholds = new float[sorted.Length - 1];
        for (int i = 0; i < _thresholds.Length; i++)
        {
            _thresholds[i] = 0.5f * (sorted[i] + sorted[i + 1]);
        }
    }

    /// <summary>
    /// The code of the level nearest to <paramref name="value"/>; the number of levels is a power of two.
    /// </summary>
    public byte Encode(float value)
    {
        int position = 0;
        for (int step = _order.Length >> 1; step > 0; step >>= 1)
        {
            position += value > _thresholds[position + step - 1] ? step : 0;
        }

        return _order[position];
    }
}

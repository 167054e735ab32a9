using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Metrics;

/// <summary>
/// What the states of one side add to the argument of every feature of a riem metric, in double precision. The columns
/// that pad the last group of the states count too: decoders that work on whole groups evaluate them.
/// </summary>
internal sealed class SideArguments
{
    private readonly double[] _arguments;
    private readonly int _states;

    private SideArguments(RiemMetric metric, CodeLayout layout, bool isRows)
    {
        int d = metric.StateDim;
        _states = layout.Groups * layout.GroupWidth;
        Features = metric.Shifts * metric.Width;
        _arguments = new double[checked(Features * _states)];
        double[] state = new double[d];
        for (int k = 0; k < _states; k++)
        {
            for (int i = 0; i < d; i++)
            {
                state[i] = isRows ? metric.States.Row(k, i) : metric.States.Column(k, i);
            }

            for (int f = 0; f < Features; f++)
            {
                int shift = isRows ? 0 : RiemMetric.ShiftOf(f / metric.Width, d, metric.Shifts);
                double sum = isRows ? metric.C[f] : 0;
                for (int i = 0; i < d; i++)
                {
                    sum += metric.A[(f * d) + i] * state[(i + shift) % d];
                }

                _arguments[(f * _states) + k] = sum;
            }
        }
    }

    /// <summary>R·M.</summary>
    public int Features { get; }

    /// <summary>Half the range of the widest feature.</summary>
    public double WidestHalf => Enumerable.Range(0, Features).Max(Half);

    /// <summary>A_r p_k + c_r for all rows.</summary>
    public static SideArguments OfRows(RiemMetric metric) => new(metric, metric.States.Rows.Layout, isRows: true);

    /// <summary>A_r S_r q_n for all columns.</summary>
    public static SideArguments OfColumns(RiemMetric metric) =>
        new(metric, metric.States.Columns.Layout, isRows: false);

    /// <summary>All states' arguments of one feature.</summary>
    public ReadOnlySpan<double> Of(int feature) => _arguments.AsSpan(feature * _states, _states);

    /// <summary>The middle of a feature's range.</summary>
    public double Centre(int feature)
    {
        (double min, double max) = Range(feature);
        return (min + max) / 2;
    }

    /// <summary>Half of a feature's range, never zero.</summary>
    public double Half(int feature)
    {
        (double min, double max) = Range(feature);
        return ((max - min) / 2) + 1e-6;
    }

    /// <summary>
    /// Indices of states: evenly spread ones, and the two extreme ones of each feature as far as the number goes.
    /// </summary>
    public int[] Sample(int count)
    {
        SortedSet<int> sample = [];
        for (int i = 0; i < count / 2 && i < _states; i++)
        {
            sample.Add((int)((long)i * _states / Math.Min(count / 2, _states)));
        }

        for (int f = 0; f < Features && sample.Count < count - 1; f++)
        {
            (double min, double max) = Range(f);
            sample.Add(Of(f).IndexOf(min));
            sample.Add(Of(f).IndexOf(max));
        }

        return [.. sample];
    }

    private (double Min, double Max) Range(int feature)
    {
        (double min, double max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double argument in Of(feature))
        {
            (min, max) = (Math.Min(min, argument), Math.Max(max, argument));
        }

        return (min, max);
    }
}

namespace FlatLearning.Onnx.Plots;

/// <summary>Maps values to pixels along one axis, linear or logarithmic, over a range that ends at ticks.</summary>
internal sealed class PlotAxis
{
    private readonly double _from;
    private readonly double _to;
    private readonly double _start;
    private readonly double _end;
    private readonly bool _logarithmic;

    private PlotAxis(double from, double to, double start, double end, bool logarithmic, IReadOnlyList<double> ticks) =>
        (_from, _to, _start, _end, _logarithmic, Ticks) = (from, to, start, end, logarithmic, ticks);

    /// <summary>Values with a line and a label.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>From 0 to the next whole number above the largest value; a tick per whole number, or fewer.</summary>
    public static PlotAxis Linear(double largest, double start, double end)
    {
        const int MaxTicks = 17;
        int last = (int)Math.Ceiling(Math.Max(1, largest));
        int step = ((last - 1) / MaxTicks) + 1;
        return new PlotAxis(
            0, last, start, end, logarithmic: false,
            [.. Enumerable.Range(0, (last / step) + 1).Select(i => (double)i * step)]);
    }

    /// <summary>Whole decades around the values; a tick per decade, or fewer.</summary>
    public static PlotAxis Logarithmic(double smallest, double largest, double start, double end)
    {
        const int MaxTicks = 12;
        int low = (int)Math.Floor(Math.Log10(smallest));
        int high = Math.Max(low + 1, (int)Math.Ceiling(Math.Log10(largest)));
        int step = ((high - low - 1) / MaxTicks) + 1;
        return new PlotAxis(
            low, high, start, end, logarithmic: true,
            [.. Enumerable.Range(0, ((high - low) / step) + 1).Select(i => Math.Pow(10, low + (i * step)))]);
    }

    /// <summary>The pixel of a value.</summary>
    public double At(double value)
    {
        double position = _logarithmic ? Math.Log10(value) : value;
        return _start + ((position - _from) / (_to - _from) * (_end - _start));
    }
}

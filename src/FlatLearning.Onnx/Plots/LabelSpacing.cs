namespace FlatLearning.Onnx.Plots;

/// <summary>Moves labels apart along a line.</summary>
internal static class LabelSpacing
{
    /// <summary>
    /// Positions in the same order as the wishes, at least a distance apart, within the limits where there is room, and
    /// near the wishes.
    /// </summary>
    public static double[] Spread(IReadOnlyList<double> wishes, double distance, double from, double to)
    {
        int[] order = [.. Enumerable.Range(0, wishes.Count).OrderBy(i => wishes[i])];
        double[] places = new double[wishes.Count];
        double next = from;
        foreach (int i in order)
        {
            places[i] = Math.Max(next, wishes[i]);
            next = places[i] + distance;
        }

        // What was pushed beyond the end comes back, and pushes the others before it.
        double last = to;
        foreach (int i in order.Reverse())
        {
            places[i] = Math.Min(places[i], last);
            last = places[i] - distance;
        }

        return places;
    }
}

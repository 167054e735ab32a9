namespace FlatLearning.Dyn.Layout;

/// <summary>
/// The order in which <see cref="BandedCodes"/> count rows and columns: the largest scale first, equal ones as they
/// stand. It needs no storage.
/// </summary>
public static class ScaleOrder
{
    /// <summary>order[i] is the row or column at place i.</summary>
    /// <param name="scale">The stored scales, or null for equal ones.</param>
    /// <param name="count">How many.</param>
    public static int[] Of(ParameterTensor? scale, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        if (scale is not null)
        {
            float[] values = scale.Values;
            Array.Sort(order, (a, b) => values[a] != values[b] ? values[b].CompareTo(values[a]) : a.CompareTo(b));
        }

        return order;
    }

    /// <summary>Whether everything is where it stands.</summary>
    public static bool IsIdentity(int[] order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            if (order[i] != i)
            {
                return false;
            }
        }

        return true;
    }
}

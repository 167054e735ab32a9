using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Kernels.Ends;

/// <summary>
/// Where the rows and columns of a banded weight stand in x and y: place i of the kernels' order is
/// <see cref="Rows"/>[i] of x.
/// </summary>
/// <param name="Rows">[K].</param>
/// <param name="Columns">[N].</param>
internal sealed record Permutation(int[] Rows, int[] Columns)
{
    /// <summary>[N]: the place of each column of y.</summary>
    public int[] Places { get; } = Inverse(Columns);

    /// <summary>The weight as the kernels compute it, and its order; null where that is as it stands.</summary>
    public static Permutation? Apply(ref DynWeight weight, ref double[]? bias)
    {
        if (weight.Bands is null)
        {
            return null;
        }

        weight = weight.InScaleOrder(out int[] rows, out int[] columns);
        double[]? natural = bias;
        bias = natural is null ? null : Array.ConvertAll(columns, n => natural[n]);
        return ScaleOrder.IsIdentity(rows) && ScaleOrder.IsIdentity(columns) ? null : new Permutation(rows, columns);
    }

    private static int[] Inverse(int[] order)
    {
        int[] places = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            places[order[i]] = i;
        }

        return places;
    }
}

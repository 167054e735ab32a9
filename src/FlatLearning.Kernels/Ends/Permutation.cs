using FlatLearning.Dyn.Layout;

namespace FlatLearning.Kernels.Ends;

/// <summary>
/// Where rows and columns of a weight with mixed codes stand in x and y: place i of the kernels' order is
/// <see cref="Rows"/>[i] of x.
/// </summary>
internal sealed class Permutation
{
    private Permutation(int[] rows, int[] columns) => (Rows, Places) = (rows, Inverse(columns));

    /// <summary>[K]: the row of x of each place.</summary>
    public int[] Rows { get; }

    /// <summary>[N]: the place of each column of y.</summary>
    public int[] Places { get; }

    /// <summary>The permutation, or null where both orders are as they stand.</summary>
    /// <param name="rows">[K].</param>
    /// <param name="columns">[N]: the column of y of each place.</param>
    public static Permutation? TryCreate(int[] rows, int[] columns) =>
        ScaleOrder.IsIdentity(rows) && ScaleOrder.IsIdentity(columns) ? null : new Permutation(rows, columns);

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

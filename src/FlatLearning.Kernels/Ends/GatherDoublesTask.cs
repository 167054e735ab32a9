using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>target[row, i] = source[row, places[i]] in float64, some rows per item.</summary>
/// <param name="source">[rows, width].</param>
/// <param name="rows">1 or more.</param>
/// <param name="places">[width].</param>
/// <param name="target">[rows, width].</param>
internal readonly unsafe struct GatherDoublesTask(double* source, long rows, int[] places, double* target)
    : IParallelWork
{
    private const int ItemElements = 64 * 1024;

    /// <summary>Items.</summary>
    public int Items => checked((int)((rows + ItemRows - 1) / ItemRows));

    private long ItemRows => Math.Max(1, ItemElements / places.Length);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        long last = Math.Min((item + 1) * ItemRows, rows);
        for (long row = item * ItemRows; row < last; row++)
        {
            double* from = source + (row * places.Length);
            double* to = target + (row * places.Length);
            for (int i = 0; i < places.Length; i++)
            {
                to[i] = from[places[i]];
            }
        }
    }
}

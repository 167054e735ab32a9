using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>
/// y from the order of the weight's columns to where they belong, some rows of y per item. <typeparamref name="T"/> is
/// float or double.
/// </summary>
internal readonly unsafe struct ScatterTask<T>(T* sums, long rows, int[] order, T* y) : IParallelWork
    where T : unmanaged
{
    private const int ItemElements = 64 * 1024;

    /// <summary>Items.</summary>
    public int Items => checked((int)((rows + ItemRows - 1) / ItemRows));

    private long ItemRows => Math.Max(1, ItemElements / order.Length);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        long last = Math.Min((item + 1) * ItemRows, rows);
        for (long row = item * ItemRows; row < last; row++)
        {
            T* source = sums + (row * order.Length);
            T* target = y + (row * order.Length);
            for (int i = 0; i < order.Length; i++)
            {
                target[order[i]] = source[i];
            }
        }
    }
}

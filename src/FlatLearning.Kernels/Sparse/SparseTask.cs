using System.Numerics;
using FlatLearning.Dyn.Layout;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Sparse;

/// <summary>
/// y += x · S, some columns per item: the sum of a column is made in one go, so it does not depend on threads.
/// <typeparamref name="T"/> is float or double.
/// </summary>
internal readonly unsafe struct SparseTask<T>(SparseElements elements, T* x, T* y, long rows) : IParallelWork
    where T : unmanaged, INumber<T>
{
    private const int ItemElements = 1 << 14;

    /// <summary>Items.</summary>
    public int Items => (elements.Columns + ItemColumns - 1) / ItemColumns;

    private int ItemColumns =>
        (int)Math.Max(
            1, Math.Min(elements.Columns, ItemElements * (long)elements.Columns / Math.Max(1, elements.Count * rows)));

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int last = Math.Min(elements.Columns, (item + 1) * ItemColumns);
        for (int n = item * ItemColumns; n < last; n++)
        {
            elements.Column(n, out ReadOnlySpan<int> inputs, out ReadOnlySpan<float> values);
            for (long row = 0; row < rows && inputs.Length > 0; row++)
            {
                T* source = x + (row * elements.Rows);
                T sum = y[(row * elements.Columns) + n];
                for (int i = 0; i < inputs.Length; i++)
                {
                    sum += source[inputs[i]] * T.CreateTruncating(values[i]);
                }

                y[(row * elements.Columns) + n] = sum;
            }
        }
    }
}

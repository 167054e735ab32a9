using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>x in float32, some rows per item.</summary>
internal readonly unsafe struct ConvertTask<T>(nint x, long rows, int width, float* converted) : IParallelWork
    where T : struct, IFloatElement
{
    private const int ItemFloats = 64 * 1024;

    /// <summary>Items.</summary>
    public int Items => checked((int)((rows + ItemRows - 1) / ItemRows));

    private long ItemRows => Math.Max(1, ItemFloats / width);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        long last = Math.Min((item + 1) * ItemRows, rows);
        for (long row = item * ItemRows; row < last; row++)
        {
            T.Read((byte*)x + (row * width * T.Size), converted + (row * width), width);
        }
    }
}

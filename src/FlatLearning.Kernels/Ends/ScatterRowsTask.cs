using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>Rows of y from sums in the order of the weight's columns; some rows per item.</summary>
/// <param name="sums">[rows, N].</param>
/// <param name="rows">1 or more.</param>
/// <param name="width">N.</param>
/// <param name="places">[N]: where among the sums each column of y stands, or null where y has their order.</param>
/// <param name="y">[rows, N], overwritten.</param>
internal readonly unsafe struct ScatterRowsTask<T>(float* sums, long rows, int width, int[]? places, nint y)
    : IParallelWork
    where T : struct, IFloatElement
{
    private const int ItemFloats = 64 * 1024;
    private const int Piece = 256;

    /// <summary>Items.</summary>
    public int Items => checked((int)((rows + ItemRows - 1) / ItemRows));

    private long ItemRows => Math.Max(1, ItemFloats / width);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        float* piece = stackalloc float[Piece];
        long last = Math.Min((item + 1) * ItemRows, rows);
        fixed (int* order = places)
        {
            for (long row = item * ItemRows; row < last; row++)
            {
                float* source = sums + (row * width);
                byte* target = (byte*)y + (row * width * T.Size);
                if (order is null)
                {
                    T.Write(source, target, width);
                }
                else if (T.IsSingle)
                {
                    Gather.Take(source, order, (float*)target, width);
                }
                else
                {
                    for (int i = 0; i < width; i += Piece)
                    {
                        int count = Math.Min(Piece, width - i);
                        Gather.Take(source, order + i, piece, count);
                        T.Write(piece, target + (i * T.Size), count);
                    }
                }
            }
        }
    }
}

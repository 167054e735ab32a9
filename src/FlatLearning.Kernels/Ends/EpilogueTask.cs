using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>Some rows per item, from float32 in the kernel's order to y.</summary>
/// <param name="sums">[rows, N], finished but for their type.</param>
/// <param name="rows">1 or more.</param>
/// <param name="ends">N and the order.</param>
/// <param name="type">The element type of y; not float64.</param>
/// <param name="y">[rows, N], overwritten.</param>
internal readonly unsafe struct EpilogueTask(float* sums, long rows, ProductEnds ends, ElementType type, nint y)
    : IParallelWork
{
    private const int ItemFloats = 64 * 1024;
    private const int Piece = 256;

    /// <summary>Items.</summary>
    public int Items => checked((int)((rows + ItemRows - 1) / ItemRows));

    private long ItemRows => Math.Max(1, ItemFloats / ends.Columns);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int width = ends.Columns;
        float* piece = stackalloc float[Piece];
        long last = Math.Min((item + 1) * ItemRows, rows);
        fixed (int* places = ends.Order?.Places)
        {
            for (long row = item * ItemRows; row < last; row++)
            {
                float* source = sums + (row * width);
                byte* target = (byte*)y + (row * width * type.Bytes());
                if (places is null)
                {
                    ElementConverter.Write(type, source, target, width);
                }
                else if (type == ElementType.Float32)
                {
                    Gather.Rows(source, places, (float*)target, width);
                }
                else
                {
                    for (int i = 0; i < width; i += Piece)
                    {
                        int count = Math.Min(Piece, width - i);
                        Gather.Rows(source, places + i, piece, count);
                        ElementConverter.Write(type, piece, target + (i * type.Bytes()), count);
                    }
                }
            }
        }
    }
}

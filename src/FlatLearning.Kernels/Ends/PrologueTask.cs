using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>
/// Some rows of x per item, to float32 in the kernel's order, multiplied by rho and padded with zeros.
/// </summary>
/// <param name="ends">K and the order.</param>
/// <param name="scale">rho [K], or null for ones.</param>
/// <param name="type">The element type of x; not float64.</param>
/// <param name="x">[rows, K].</param>
/// <param name="rows">1 or more.</param>
/// <param name="target">Receives the rows.</param>
internal readonly unsafe struct PrologueTask(
    ProductEnds ends, float[]? scale, ElementType type, nint x, long rows, InputRows target) : IParallelWork
{
    private const int ItemFloats = 64 * 1024;

    /// <summary>Items.</summary>
    public int Items => checked((int)((rows + ItemRows - 1) / ItemRows));

    private long ItemRows => Math.Max(1, ItemFloats / ends.Rows);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int width = ends.Rows;
        int[]? order = ends.Order?.Rows;
        bool isConverted = order is not null && type != ElementType.Float32;
        using Scratch memory = new(isConverted ? (long)width * sizeof(float) : 0);
        long last = Math.Min((item + 1) * ItemRows, rows);
        fixed (int* places = order)
        fixed (float* rho = scale)
        {
            for (long row = item * ItemRows; row < last; row++)
            {
                byte* source = (byte*)x + (row * width * type.Bytes());
                float* to = target.Floats(row);
                if (isConverted)
                {
                    ElementConverter.Read(type, source, (float*)memory.Pointer, width);
                    source = (byte*)memory.Pointer;
                }

                Write(source, places, rho, to, width);
                new Span<float>(to + width, target.Stride - width).Clear();
            }
        }
    }

    private void Write(byte* source, int* places, float* rho, float* to, int width)
    {
        switch (places is not null, rho is not null)
        {
            case (true, true):
                Gather.Rows((float*)source, places, rho, to, width);
                break;
            case (true, false):
                Gather.Rows((float*)source, places, to, width);
                break;
            case (false, true):
                ElementConverter.Read(type, source, to, width);
                RowMath.Multiply(to, rho, width);
                break;
            default:
                ElementConverter.Read(type, source, to, width);
                break;
        }
    }
}

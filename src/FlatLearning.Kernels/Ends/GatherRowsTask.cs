using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>Rows of x in float32, in the order of the weight's rows, multiplied by rho; some rows per item.</summary>
/// <param name="x">[rows, K].</param>
/// <param name="rows">1 or more.</param>
/// <param name="width">K.</param>
/// <param name="order">[K], or null where x has the weight's order.</param>
/// <param name="scale">Rho [K], or null for ones.</param>
/// <param name="taken">[rows, K].</param>
internal readonly unsafe struct GatherRowsTask<T>(
    nint x, long rows, int width, int[]? order, float[]? scale, float* taken)
    : IParallelWork
    where T : struct, IFloatElement
{
    private const int ItemFloats = 64 * 1024;

    /// <summary>Items.</summary>
    public int Items => checked((int)((rows + ItemRows - 1) / ItemRows));

    private long ItemRows => Math.Max(1, ItemFloats / width);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        using Scratch memory = new(T.IsSingle || order is null ? 0 : (long)width * sizeof(float));
        long last = Math.Min((item + 1) * ItemRows, rows);
        fixed (int* places = order)
        fixed (float* rho = scale)
        {
            for (long row = item * ItemRows; row < last; row++)
            {
                byte* from = (byte*)x + (row * width * T.Size);
                float* target = taken + (row * width);
                if (places is null)
                {
                    T.Read(from, target, width);
                    if (rho is not null)
                    {
                        RowMath.Multiply(target, rho, width);
                    }
                }
                else
                {
                    Take(from, places, rho, (float*)memory.Pointer, target);
                }
            }
        }
    }

    private void Take(byte* from, int* places, float* rho, float* converted, float* target)
    {
        float* source = (float*)from;
        if (!T.IsSingle)
        {
            T.Read(from, converted, width);
            source = converted;
        }

        if (rho is null)
        {
            Gather.Take(source, places, target, width);
        }
        else
        {
            Gather.Take(source, places, rho, target, width);
        }
    }
}

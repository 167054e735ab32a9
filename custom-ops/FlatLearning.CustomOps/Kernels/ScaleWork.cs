using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>x · rho in float32, one block of rows per item.</summary>
internal readonly unsafe struct ScaleWork<T>(PreparedWeight weight, ProductGrid grid, nint x, float* scaled) : IParallelWork
    where T : struct, IFloatElement
{
    /// <summary>Blocks of rows.</summary>
    public int Items => grid.Items / grid.Groups;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        long first = (long)item * grid.BlockRows;
        long last = Math.Min(first + grid.BlockRows, grid.Rows);
        int width = weight.Rows;
        for (long row = first; row < last; row++)
        {
            float* target = scaled + (row * width);
            T.Read((byte*)x + (row * width * T.Size), target, width);
            if (weight.RowScale is not null)
            {
                fixed (float* scale = weight.RowScale)
                {
                    RowMath.Multiply(target, scale, width);
                }
            }
        }
    }
}

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
            RowEnds.Read<T>(weight, x, row, scaled + (row * width));
        }
    }
}

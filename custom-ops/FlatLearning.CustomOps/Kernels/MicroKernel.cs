using System.Runtime.Intrinsics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>sums += x · tile, in the widest registers that the build may use.</summary>
internal static unsafe class MicroKernel
{
    /// <summary>Floats of the widest register.</summary>
    private const int MostLanes = 16;

    /// <summary>The lanes that this build computes in; for diagnosis.</summary>
    public static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>The stride of a tile with that many columns: whole registers.</summary>
    public static int PaddedWidth(int width) => (width + MostLanes - 1) / MostLanes * MostLanes;

    /// <summary>Adds a product to the sums.</summary>
    /// <param name="x">[rows, xStride], of which the first <paramref name="inputs"/> of each row are used.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the sums.</param>
    /// <param name="tile">[inputs, stride].</param>
    /// <param name="stride">Columns, a multiple of 16.</param>
    /// <param name="inputs">Rows of the tile.</param>
    /// <param name="sums">[rows, stride].</param>
    public static void Accumulate(float* x, long xStride, int rows, float* tile, int stride, int inputs, float* sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            TileProduct<Lanes512, Vector512<float>>.Accumulate(x, xStride, rows, tile, stride, inputs, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            TileProduct<Lanes256, Vector256<float>>.Accumulate(x, xStride, rows, tile, stride, inputs, sums);
        }
        else
        {
            TileProduct<Lanes128, Vector128<float>>.Accumulate(x, xStride, rows, tile, stride, inputs, sums);
        }
    }
}

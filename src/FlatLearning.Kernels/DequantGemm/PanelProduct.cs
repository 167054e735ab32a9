using System.Runtime.Intrinsics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// x · panel for any number of rows and columns, by <see cref="RegisterTile{TLanes, TVector, TRows, TVectors}"/>.
/// </summary>
internal static unsafe class PanelProduct
{
    /// <summary>Widths are whole registers of this many floats.</summary>
    public const int Block = 16;

    private const int MaxRows = 6;

    // Two registers of columns and so few rows are fewer sums than additions that a core has under way.
    private const int FewRows = 2;

    /// <summary>sums += x · panel, the sums [rows, width]; other parameters as in <see cref="Multiply"/>.</summary>
    public static void Accumulate(float* x, nint xStride, int rows, float* panel, int width, int inputs, float* sums) =>
        Multiply(
            x, xStride, rows, panel, width, inputs,
            new TileSums { Before = sums, BeforeStride = width, Target = sums, TargetStride = width },
            SimdWidth.Widest);

    /// <summary>Multiplies.</summary>
    /// <param name="x">[rows, xStride], of which the first <paramref name="inputs"/> of each row are used.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x.</param>
    /// <param name="panel">[inputs, width].</param>
    /// <param name="width">Columns, a multiple of 16.</param>
    /// <param name="inputs">Rows of the panel.</param>
    /// <param name="sums">What is added, and where the sums go.</param>
    /// <param name="registers">Which are used.</param>
    public static void Multiply(
        float* x, nint xStride, int rows, float* panel, int width, int inputs, in TileSums sums,
        SimdWidth registers)
    {
        if (Vector512.IsHardwareAccelerated && registers.Is512())
        {
            int column = 0;
            for (; column <= width - (4 * Block); column += 4 * Block)
            {
                Rows<Lanes512, Vector512<float>, Four>(
                    x, xStride, rows, panel + column, width, inputs, sums.Right(column));
            }

            switch ((width - column) / Block)
            {
                case 3: Rows<Lanes512, Vector512<float>, Three>(
                    x, xStride, rows, panel + column, width, inputs, sums.Right(column)); break;
                case 2: Rows<Lanes512, Vector512<float>, Two>(
                    x, xStride, rows, panel + column, width, inputs, sums.Right(column)); break;
                case 1: Rows<Lanes512, Vector512<float>, One>(
                    x, xStride, rows, panel + column, width, inputs, sums.Right(column)); break;
            }
        }
        else
        {
            int column = 0;
            if (Vector256.IsHardwareAccelerated)
            {
                for (; rows <= FewRows && column <= width - (2 * Block); column += 2 * Block)
                {
                    Rows<Lanes256, Vector256<float>, Four>(
                        x, xStride, rows, panel + column, width, inputs, sums.Right(column));
                }
            }

            for (; column < width; column += Block)
            {
                if (Vector256.IsHardwareAccelerated)
                {
                    Rows<Lanes256, Vector256<float>, Two>(
                        x, xStride, rows, panel + column, width, inputs, sums.Right(column));
                }
                else
                {
                    Rows<Lanes128, Vector128<float>, Four>(
                        x, xStride, rows, panel + column, width, inputs, sums.Right(column));
                }
            }
        }
    }

    // Blocks of nearly equal numbers of rows: sixteen are 6 + 5 + 5, since the sums of a single row would wait for each
    // other.
    private static void Rows<TLanes, TVector, TVectors>(
        float* x, nint xStride, int rows, float* panel, int width, int inputs, TileSums sums)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : struct
        where TVectors : unmanaged, ICount
    {
        for (int blocks = (rows + MaxRows - 1) / MaxRows; blocks > 0; blocks--)
        {
            int count = (rows + blocks - 1) / blocks;
            switch (count)
            {
                case 1: RegisterTile<TLanes, TVector, One, TVectors>.Accumulate(
                    x, xStride, panel, width, inputs, sums); break;
                case 2: RegisterTile<TLanes, TVector, Two, TVectors>.Accumulate(
                    x, xStride, panel, width, inputs, sums); break;
                case 3: RegisterTile<TLanes, TVector, Three, TVectors>.Accumulate(
                    x, xStride, panel, width, inputs, sums); break;
                case 4: RegisterTile<TLanes, TVector, Four, TVectors>.Accumulate(
                    x, xStride, panel, width, inputs, sums); break;
                case 5: RegisterTile<TLanes, TVector, Five, TVectors>.Accumulate(
                    x, xStride, panel, width, inputs, sums); break;
                default: RegisterTile<TLanes, TVector, Six, TVectors>.Accumulate(
                    x, xStride, panel, width, inputs, sums); break;
            }

            rows -= count;
            x += count * xStride;
            sums.MoveDown(count);
        }
    }
}

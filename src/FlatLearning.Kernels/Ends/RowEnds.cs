using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;

namespace FlatLearning.Kernels.Ends;

/// <summary>
/// Both ends of a product, row by row: x · rho in float32 on the way in, gamma and the bias on the way out.
/// </summary>
internal static unsafe class RowEnds
{
    /// <summary>Reads row <paramref name="row"/> of x [rows, K] and multiplies it by rho.</summary>
    public static void Read<T>(PreparedWeight weight, nint x, long row, float* target)
        where T : struct, IFloatElement
    {
        T.Read((byte*)x + (row * weight.Rows * T.Size), target, weight.Rows);
        if (weight.RowScale is not null)
        {
            fixed (float* scale = weight.RowScale)
            {
                RowMath.Multiply(target, scale, weight.Rows);
            }
        }
    }

    /// <summary>Reads rows of x, multiplied by rho, each followed by zeros.</summary>
    /// <param name="weight">Rho.</param>
    /// <param name="x">[rows, K].</param>
    /// <param name="rows">How many.</param>
    /// <param name="target">[rows, stride].</param>
    /// <param name="stride">K and the number of zeros.</param>
    public static void ReadPadded<T>(PreparedWeight weight, nint x, int rows, float* target, int stride)
        where T : struct, IFloatElement
    {
        for (int row = 0; row < rows; row++, target += stride)
        {
            Read<T>(weight, x, row, target);
            new Span<float>(target + weight.Rows, stride - weight.Rows).Clear();
        }
    }

    /// <summary>
    /// Scales the sums of <paramref name="width"/> columns, adds the bias, and writes them to row
    /// <paramref name="row"/> of y [rows, N].
    /// </summary>
    public static void Write<T>(PreparedWeight weight, float* sums, int firstColumn, int width, nint y, long row)
        where T : struct, IFloatElement
    {
        fixed (float* scale = &weight.ColumnScale[firstColumn], bias = &weight.Bias[firstColumn])
        {
            byte* target = (byte*)y + (((row * weight.Columns) + firstColumn) * T.Size);
            RowMath.MultiplyAdd(sums, scale, bias, T.IsSingle ? (float*)target : sums, width);
            if (!T.IsSingle)
            {
                T.Write(sums, target, width);
            }
        }
    }
}

using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Blocks;

/// <summary>A weight W [K, N] in blocks along K.</summary>
/// <param name="Format">How it is stored.</param>
/// <param name="Rows">K.</param>
/// <param name="Columns">N.</param>
/// <param name="Codes">[N, K]: column after column, one code a byte.</param>
/// <param name="Scales">[N, blocks], in the precision of their type.</param>
/// <param name="ZeroPoints">[N, blocks]; null where the format has none.</param>
public sealed record BlockCodes(
    BlockFormat Format, int Rows, int Columns, byte[] Codes, float[] Scales, byte[]? ZeroPoints)
{
    /// <summary>Blocks of a column.</summary>
    public int Blocks => Format.BlocksOf(Rows);

    /// <summary>The values that the codes stand for, row-major [K, N], rounded as float32 products are.</summary>
    public float[] Decode()
    {
        float[] matrix = new float[Rows * Columns];
        for (int n = 0; n < Columns; n++)
        {
            for (int k = 0; k < Rows; k++)
            {
                int block = (n * Blocks) + (k / Format.Size);
                int zero = ZeroPoints?[block] ?? Format.Middle;
                matrix[(k * Columns) + n] = Scales[block] * (Codes[(n * Rows) + k] - zero);
            }
        }

        return matrix;
    }

    /// <summary>
    /// ||W - W~||² / ||W||², in double precision; 0 for zeros.
    /// </summary>
    /// <param name="matrix">W, row-major [K, N].</param>
    public double Error(ReadOnlySpan<float> matrix) => RelativeSquares.Error(matrix, Decode());

    /// <summary>
    /// Codes as MatMulNBits reads them, [N, blocks, size · b / 8] bytes: from the lowest bits of a byte upwards, the
    /// last block filled up with the code of 0.
    /// </summary>
    public byte[] PackPadded()
    {
        int perByte = 8 / Format.Bits;
        int padded = Blocks * Format.Size;
        byte[] packed = new byte[checked((int)((long)Columns * padded / perByte))];
        for (int n = 0; n < Columns; n++)
        {
            for (int k = 0; k < padded; k++)
            {
                int block = (n * Blocks) + (k / Format.Size);
                int code = k < Rows ? Codes[(n * Rows) + k] : ZeroPoints?[block] ?? Format.Middle;
                long at = ((long)n * padded) + k;
                packed[at / perByte] |= (byte)(code << (int)(at % perByte * Format.Bits));
            }
        }

        return packed;
    }

    /// <summary>Zero points as MatMulNBits reads them, [N, ceil(blocks · b / 8)] bytes; null where there are none.
    /// </summary>
    public byte[]? PackZeroPoints()
    {
        if (ZeroPoints is null)
        {
            return null;
        }

        int perByte = 8 / Format.Bits;
        int stride = (Blocks + perByte - 1) / perByte;
        byte[] packed = new byte[Columns * stride];
        for (int n = 0; n < Columns; n++)
        {
            for (int j = 0; j < Blocks; j++)
            {
                packed[(n * stride) + (j / perByte)] |=
                    (byte)(ZeroPoints[(n * Blocks) + j] << (j % perByte * Format.Bits));
            }
        }

        return packed;
    }
}

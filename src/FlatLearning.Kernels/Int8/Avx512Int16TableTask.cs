using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.Lut;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Int8;

/// <summary>One item: the tables of some blocks of inputs of one row of x, and the unit of each block.</summary>
/// <param name="codes">Codebook and taps.</param>
/// <param name="x">Rows multiplied by rho, each followed by zeros for the taps.</param>
/// <param name="inputs">K.</param>
/// <param name="tables">[rows, tables, 16], written.</param>
/// <param name="units">[rows, blocks], written.</param>
internal readonly unsafe struct Avx512Int16TableTask(
    Avx512Int16Codes codes, InputRows x, int inputs, short* tables, float* units) : IParallelWork
{
    private const int ItemBlocks = 16;

    // The reciprocal of a smaller unit is infinite.
    private const float SmallestUnit = 1.2e-38f;

    /// <summary>Items of a row.</summary>
    public int ItemsOfRow => (Blocks + ItemBlocks - 1) / ItemBlocks;

    private int Blocks => (inputs + Avx512Int16Codes.BlockInputs - 1) / Avx512Int16Codes.BlockInputs;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        (int row, int place) = (item / ItemsOfRow, item % ItemsOfRow);
        float* from = x.Floats(row);
        short* to = tables + ((long)row * codes.Lut.Tables * Avx512LutCodes.Entries);
        for (int block = place * ItemBlocks; block < Math.Min(Blocks, (place + 1) * ItemBlocks); block++)
        {
            int first = block * Avx512Int16Codes.BlockInputs;
            int count = Math.Min(Avx512Int16Codes.BlockInputs, inputs - first);
            float unit = Unit(from + first, count);
            units[((long)row * Blocks) + block] = unit;
            Write(from + first, count, 1 / unit, to + (first / codes.Lut.InputsOfTable * Avx512LutCodes.Entries));
        }
    }

    // The sum over the block of the largest magnitude that each table may have, over the sum allowed. Not a number
    // where an input is none or infinite.
    private float Unit(float* from, int count)
    {
        float sum = 0;
        for (int t = 0; t < codes.Lut.Taps; t++)
        {
            float magnitudes = 0;
            for (int k = 0; k < count; k++)
            {
                magnitudes += MathF.Abs(from[k + t]);
            }

            sum += magnitudes * codes.Largest[t];
        }

        return float.IsFinite(sum) ? MathF.Max(sum / Avx512Int16Codes.MaxSum, SmallestUnit) : float.NaN;
    }

    private void Write(float* from, int count, float scale, short* to)
    {
        Vector512<float> factor = Vector512.Create(scale);
        Vector512<float> upper = Vector512.Create(Vector256<float>.Zero, Vector256<float>.AllBitsSet);
        bool isPair = codes.Lut.Bits == 3;
        bool isIndex = codes.Lut.Bits == 2;
        fixed (float* first = codes.Lut.Codebook, second = codes.Lut.SecondCodebook)
        {
            for (int k = 0; k < count; k += codes.Lut.InputsOfTable, to += Avx512LutCodes.Entries)
            {
                Vector512<float> table = Vector512<float>.Zero;
                for (int t = 0; t < codes.Lut.Taps; t++)
                {
                    Vector512<float> x = Vector512.Create(from[k + t]);
                    x = isPair ? Vector512.ConditionalSelect(upper, Vector512.Create(from[k + 1 + t]), x) : x;
                    table = Vector512.FusedMultiplyAdd(x, Vector512.Load(first + (t * Avx512LutCodes.Entries)), table);
                }

                for (int t = 0; t < codes.Lut.Taps && isIndex; t++)
                {
                    table = Vector512.FusedMultiplyAdd(
                        Vector512.Create(from[k + 1 + t]), Vector512.Load(second + (t * Avx512LutCodes.Entries)),
                        table);
                }

                Avx512F.ConvertToVector256Int16(Avx512F.ConvertToVector512Int32(table * factor)).Store(to);
            }
        }
    }
}

using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Tests;

/// <summary>Tables whose whole numbers are as large as they become.</summary>
public sealed class FixedPointTests
{
    private const int Inputs = 64;
    private const int Columns = 128;

    [KernelTheory("avx2-fixed-lut")]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Run_LargestEntriesOfEitherSign_StaysWithinItsBound(int bits)
    {
        DynWeight weight = Extremes(bits);
        MatMulProduct product =
            MatMulProduct.Create(weight, null, new MatMulSettings { Kernel = "avx2-fixed-lut" });
        ProductOracle oracle = new(weight) { Slack = x => Slacks.FixedPoint(weight, x.Span) };
        for (int share = 0; share <= 16; share++)
        {
            // What one of two neighbours has, the other lacks; their sum is the largest of the block everywhere.
            float[] x = new float[Inputs];
            for (int k = 0; k < Inputs; k++)
            {
                x[k] = (k % 2 == 0 ? share : 16 - share) / 16f;
            }

            byte[] y = KernelCheck.Multiply(
                product, ThreadWorkers.Single, MemoryMarshal.AsBytes(x.AsSpan()).ToArray(), ElementType.Float32);
            _ = oracle.Check(
                Array.ConvertAll(x, v => (double)v), Elements.ToDoubles(ElementType.Float32, y), ElementType.Float32);
        }
    }

    // Columns of nothing but the largest entry, of nothing but the smallest, and of both.
    private static DynWeight Extremes(int bits)
    {
        float[] table = [.. Enumerable.Range(0, 1 << bits).Select(code => code % 2 == 0 ? 1f : -1f)];
        byte[] codes = new byte[Inputs * Columns];
        Random random = new(bits);
        for (int i = 0; i < codes.Length; i++)
        {
            int any = random.Next(1 << bits);
            codes[i] = (byte)((i % Columns % 3) switch
            {
                0 => any & ~1,
                1 => any | 1,
                _ => any,
            });
        }

        return new DynWeight(
            Inputs,
            Columns,
            null,
            new ParameterTensor([.. Enumerable.Repeat(1f, Columns)], [Columns], ParameterType.Float32),
            new UniformCodes(
                PackedCodes.Pack(codes, Inputs, Columns, bits),
                new Codebook(new ParameterTensor(table, [1, 1 << bits], ParameterType.Float32), bits, 1)));
    }
}

using System.Runtime.InteropServices;
using FlatLearning.Cuda;
using FlatLearning.Cuda.Driver;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Kernels;

namespace FlatLearning.CudaBenchmark;

/// <summary>Every kernel on the device against the reference decoder in double precision.</summary>
internal static unsafe class Correctness
{
    private const double Roundoff = 1.0 / (1 << 24);

    /// <summary>Checks all widths and taps, bands and sparse elements.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="context">The current context.</param>
    /// <param name="stream">A stream of it.</param>
    /// <param name="wait">Waits for the stream.</param>
    /// <param name="rows">Numbers of rows of x.</param>
    /// <returns>How many products are wrong.</returns>
    public static int Check(
        ICudaDriver driver, CudaContext context, nint stream, Action wait, params int[] rows)
    {
        (int products, int wrong, double worst) = (0, 0, 0.0);
        for (int bits = 2; bits <= 8; bits++)
        {
            for (int taps = 1; taps <= Codebook.MaxTaps && bits != 7; taps++)
            {
                int seed = (10 * bits) + taps;
                Note(RandomWeight.Codes(131 + seed, 77 + (9 * seed), bits, taps, seed, bits == 4 ? 500 : 0), seed);
            }
        }

        for (int taps = 1; taps <= Codebook.MaxTaps; taps++)
        {
            Note(RandomWeight.Bands(301, 400, 40 * taps, taps, taps), taps);
        }

        Console.WriteLine($"{products} products, {wrong} wrong, largest error {worst:0.00} of its bound");
        return wrong;

        void Note(DynWeight weight, int seed)
        {
            using CudaProduct product = CudaProduct.Create(weight, null);
            double[] dense = ReferenceDecoder.Decode(weight);
            foreach (int count in rows)
            {
                double share = Share(driver, context, stream, wait, product, dense, count, seed);
                worst = Math.Max(worst, double.IsNaN(share) ? double.PositiveInfinity : share);
                products++;
                if (!(share <= 1))
                {
                    wrong++;
                    Console.WriteLine($"WRONG: {weight.Describe()}, {count} rows: {share:0.00} of the bound");
                }
            }
        }
    }

    private static double Share(
        ICudaDriver driver, CudaContext context, nint stream, Action wait, CudaProduct product, double[] dense,
        int rows, int seed)
    {
        Random random = new(seed);
        (int k, int n) = (product.Rows, product.Columns);
        bool isHalf = seed % 2 == 1;
        Half[] halves = [.. Enumerable.Range(0, rows * k).Select(_ => (Half)((2 * random.NextSingle()) - 1))];
        float[] singles = Array.ConvertAll(halves, value => (float)value);
        byte[] found = new byte[rows * n * (isHalf ? 2 : 4)];
        ulong x = isHalf ? context.Upload<Half>(halves, "x") : context.Upload<float>(singles, "x");
        ulong y = context.Allocate((nuint)found.Length, "y");
        product.Run(driver, stream, x, y, rows, isHalf ? ElementType.Float16 : ElementType.Float32);
        wait();
        fixed (byte* to = found)
        {
            CudaException.Check(driver.MemcpyDtoH(to, y, (nuint)found.Length), "to copy y");
        }

        driver.MemFree(x);
        driver.MemFree(y);
        double worst = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < n; column++)
            {
                (double sum, double magnitude) = (0, 0);
                for (int i = 0; i < k; i++)
                {
                    double term = singles[(row * k) + i] * dense[(i * n) + column];
                    sum += term;
                    magnitude += Math.Abs(term);
                }

                int at = (row * n) + column;
                double value = isHalf
                    ? (double)MemoryMarshal.Cast<byte, Half>(found)[at]
                    : MemoryMarshal.Cast<byte, float>(found)[at];

                // Taps that cancel in the table make more of it than the weight itself.
                double bound = (8 * Roundoff * (k + 16) * magnitude) + (isHalf ? Math.Abs(sum) / 2048 : 0) + 1e-6;
                worst = Math.Max(worst, double.IsNaN(value) ? double.NaN : Math.Abs(value - sum) / bound);
            }
        }

        return worst;
    }
}

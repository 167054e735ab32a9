using FlatLearning.Cuda.Driver;
using FlatLearning.Cuda.Tests.Ptx;
using FlatLearning.Dyn;
using FlatLearning.Kernels;

namespace FlatLearning.Cuda.Tests.Support;

/// <summary>One product on a driver, from host memory to host memory.</summary>
internal static unsafe class ProductRun
{
    /// <summary>Multiplies random x and checks y against the reference decoder in double precision.</summary>
    /// <returns>The largest share of the bound that an error used.</returns>
    public static double Check(
        WeightCase c, int rows, ElementType type, InterpretedDriver? driver = null, bool hasBias = true) =>
        Check(WeightGenerator.Create(c), c.Seed, rows, type, driver, hasBias);

    /// <inheritdoc cref="Check(WeightCase, int, ElementType, InterpretedDriver?, bool)"/>
    public static double Check(
        DynWeight weight, int seed, int rows, ElementType type, InterpretedDriver? driver = null, bool hasBias = true)
    {
        Random random = new(seed);
        double[]? bias = hasBias
            ? [.. Enumerable.Range(0, weight.Columns).Select(_ => (double)(float)(random.NextDouble() - 0.5))]
            : null;
        byte[] x = new byte[rows * weight.Rows * Elements.Size(type)];
        Elements.Fill(random, type, x);
        using CudaProduct product = CudaProduct.Create(weight, bias);
        driver ??= new InterpretedDriver();
        byte[] y = Run(product, driver, InterpretedDriver.Stream(0), x, rows, type);
        Assert.Equal(0, driver.ContextDepth);
        return new ProductOracle(weight, bias).Check(
            Elements.ToDoubles(type, x), Elements.ToDoubles(type, y), type);
    }

    /// <summary>y of a product.</summary>
    public static byte[] Run(
        CudaProduct product, ICudaDriver driver, nint stream, byte[] x, int rows, ElementType type)
    {
        CudaContext context = CudaContext.Of(driver, stream);
        byte[] y = new byte[rows * product.Columns * Elements.Size(type)];
        ulong input;
        ulong output;
        using (context.Enter())
        {
            input = context.Upload<byte>(x, "x");
            output = context.Allocate((nuint)y.Length, "y");
        }

        product.Run(driver, stream, input, output, rows, type);
        using (context.Enter())
        {
            fixed (byte* to = y)
            {
                CudaException.Check(driver.MemcpyDtoH(to, output, (nuint)y.Length), "to copy y");
            }

            driver.MemFree(input);
            driver.MemFree(output);
        }

        return y;
    }
}

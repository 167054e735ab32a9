using FlatLearning.Dyn;
using FlatLearning.Kernels;
using FlatLearning.Numerics;
using FlatLearning.Testing;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>Runs a kernel by its name, in guarded memory and against the double-precision oracle.</summary>
internal static class KernelCheck
{
    private static readonly IWorkers Workers = new ThreadWorkers(2);

    /// <summary>Runs all cases; an element outside of its bound, or one that was never written, throws.</summary>
    /// <param name="kernel">The kernel, which must be able to multiply each case's weight.</param>
    /// <param name="cases">The cases; every second one has its memory guarded at the other end.</param>
    /// <param name="slack">What a kernel may lose beyond roundings of float32; see <see cref="ProductOracle.Slack"/>.
    /// </param>
    public static void Run(
        string kernel, IEnumerable<KernelCase> cases,
        Func<DynWeight, ReadOnlyMemory<double>, double>? slack = null)
    {
        int number = 0;
        foreach (KernelCase c in cases)
        {
            GuardedEnd end = number++ % 2 == 0 ? GuardedEnd.Last : GuardedEnd.First;
            try
            {
                Run(kernel, c, end, slack);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{kernel}, {c}: {e.Message}", e);
            }
        }

        Assert.True(number > 0, $"{kernel} has no cases");
    }

    /// <summary>y of a product as bytes.</summary>
    public static unsafe byte[] Multiply(MatMulProduct product, IWorkers workers, byte[] x, ElementType type)
    {
        int rows = x.Length / product.Rows / Elements.Size(type);
        byte[] y = new byte[rows * product.Columns * Elements.Size(type)];
        fixed (byte* from = x, to = y)
        {
            product.Run(workers, (nint)from, (nint)to, rows);
        }

        return y;
    }

    /// <summary>Random rows of x.</summary>
    public static byte[] Input(int seed, ElementType type, int rows, int width)
    {
        byte[] x = new byte[rows * width * Elements.Size(type)];
        Elements.Fill(new Random(seed), type, x);
        return x;
    }

    private static unsafe void Run(
        string kernel, KernelCase c, GuardedEnd end, Func<DynWeight, ReadOnlyMemory<double>, double>? slack)
    {
        DynWeight weight = WeightGenerator.Create(c.Weight);
        double[] bias = [.. Enumerable.Range(0, weight.Columns).Select(n => (double)(float)Math.Sin(n))];
        using GuardedWeight guarded = new(weight, end);
        MatMulProduct product = MatMulProduct.Create(
            guarded.Weight, bias, new MatMulSettings { Type = c.Type, Kernel = kernel });
        using GuardedMemory<byte> x = new(c.Rows * weight.Rows * Elements.Size(c.Type), end);
        using GuardedMemory<byte> y = new(c.Rows * weight.Columns * Elements.Size(c.Type), end);
        Elements.Fill(new Random(c.Weight.Seed), c.Type, x.Span);

        // Not a number in every type, for elements that nobody writes.
        y.Span.Fill(0xFF);
        fixed (byte* from = x.Span, to = y.Span)
        {
            product.Run(Workers, (nint)from, (nint)to, c.Rows);
        }

        ProductOracle oracle = slack is null
            ? new ProductOracle(weight, bias)
            : new ProductOracle(weight, bias) { Slack = row => slack(weight, row) };
        _ = oracle.Check(Elements.ToDoubles(c.Type, x.Span), Elements.ToDoubles(c.Type, y.Span), c.Type);
    }
}

using System.Globalization;
using FlatLearning.Cuda;
using FlatLearning.Cuda.Driver;
using FlatLearning.Cuda.Layout;
using FlatLearning.Kernels;

namespace FlatLearning.CudaBenchmark;

/// <summary>
/// Microseconds of products, in turns over copies of the weight that together do not fit the device's cache, as single
/// launches and as one graph; bytes of codes a second as a share of what copying reaches on the same device.
/// </summary>
internal static class Speed
{
    private const long CacheBytes = 300_000_000;
    private const nuint CopyBytes = 1 << 30;
    private const int MaxCopies = 48;
    private const int Rounds = 5;

    /// <summary>Prints the table.</summary>
    public static void Measure(ICudaDriver driver, CudaContext context, DriverTimer timer)
    {
        double bandwidth = Bandwidth(driver, context, timer);
        HalfProduct? half = HalfProduct.TryOpen(timer.Stream);
        Print($"copy bandwidth {bandwidth / 1e6:0.00} TB/s, {(half is null ? "no cuBLAS here" : "cuBLAS in float16")}");
        Print("| K x N | bits | taps | rows | us | us in a graph | codes, of bandwidth | cuBLAS us | times as fast |");
        Print("|---|---|---|---|---|---|---|---|---|");
        foreach ((int k, int n) in ((int, int)[])[(4096, 4096), (4096, 14336), (14336, 4096), (1024, 1024)])
        {
            int[] rows = [1, 4, 8, 128];
            double?[] dense = [.. rows.Select(m => Dense(driver, context, timer, half, m, k, n))];
            for (int bits = 2; bits <= 4; bits++)
            {
                for (int taps = 1; taps <= 3; taps++)
                {
                    Packed(driver, context, timer, bandwidth, (k, n, bits, taps), rows, dense);
                }
            }
        }
    }

    private static void Packed(
        ICudaDriver driver, CudaContext context, DriverTimer timer, double bandwidth,
        (int K, int N, int Bits, int Taps) shape, int[] rows, double?[] dense)
    {
        (int k, int n, int bits, int taps) = shape;
        int copies = (int)Math.Clamp(CacheBytes * 8 / ((long)k * n * bits), 2, MaxCopies);
        DeviceWeight weight = DeviceWeight.Create(RandomWeight.Codes(k, n, bits, taps, bits));
        DeviceProduct[] products = [
            .. Enumerable.Range(0, copies).Select(_ => new DeviceProduct(context, weight))];
        int most = rows.Max();
        ulong x = context.Upload<float>(new float[most * k], "x");
        ulong y = context.Allocate((nuint)(4L * most * n), "y");
        for (int i = 0; i < rows.Length; i++)
        {
            int m = rows[i];
            void Work()
            {
                foreach (DeviceProduct product in products)
                {
                    for (int done = 0; done < m;)
                    {
                        int count = Math.Min(m - done, product.MaxRows(m - done));
                        product.Run(timer.Stream, x, y, count, ElementType.Float32);
                        done += count;
                    }
                }
            }

            Work();
            double single = Best(timer, Work) / copies;
            double graph = Best(timer, timer.Capture(Work)) / copies;
            double share = (double)k * n * bits / 8 / graph / bandwidth;
            Print(string.Create(
                CultureInfo.InvariantCulture,
                $"| {k} x {n} | {bits} | {taps} | {m} | {single:0.0} | {graph:0.0} | {100 * share:0} % | "
                    + $"{dense[i]:0.0} | {dense[i] / graph:0.0} |"));
        }

        driver.MemFree(x);
        driver.MemFree(y);
        Array.ForEach(products, product => product.Dispose());
    }

    private static double? Dense(
        ICudaDriver driver, CudaContext context, DriverTimer timer, HalfProduct? half, int m, int k, int n)
    {
        if (half is null)
        {
            return null;
        }

        int copies = (int)Math.Clamp(CacheBytes / (2L * k * n), 2, MaxCopies);
        ulong x = context.Upload<Half>(new Half[m * k], "x");
        ulong y = context.Allocate((nuint)(2L * m * n), "y");
        ulong[] weights = [
            .. Enumerable.Range(0, copies).Select(_ => context.Upload<Half>(new Half[(long)k * n], "a dense weight"))];
        void Work() => Array.ForEach(weights, w => half.Multiply(x, w, y, m, k, n));
        Work();
        double time = Best(timer, timer.Capture(Work)) / copies;
        Array.ForEach([x, y, .. weights], address => driver.MemFree(address));
        return time;
    }

    // Bytes a microsecond, read and written.
    private static double Bandwidth(ICudaDriver driver, CudaContext context, DriverTimer timer)
    {
        ulong from = context.Allocate(CopyBytes, "a copy");
        ulong to = context.Allocate(CopyBytes, "a copy");
        double time = Best(timer, () => timer.Copy(to, from, CopyBytes));
        driver.MemFree(from);
        driver.MemFree(to);
        return 2.0 * CopyBytes / time;
    }

    private static double Best(DriverTimer timer, Action work)
    {
        work();
        return Enumerable.Range(0, Rounds).Min(_ => timer.Measure(work));
    }

    private static void Print(string line) => Console.WriteLine(line);
}

using System.Runtime.InteropServices;
using FlatLearning.Cuda.Driver;
using FlatLearning.Cuda.Layout;
using FlatLearning.Cuda.Tests.Ptx;
using FlatLearning.Cuda.Tests.Support;
using FlatLearning.Kernels;

namespace FlatLearning.Cuda.Tests;

/// <summary>What launches ask of a driver, and what is said when it refuses.</summary>
public sealed class DriverTests
{
    private static readonly WeightCase Case = new() { Rows = 70, Columns = 90, Bits = 4, Taps = 2 };

    [Fact]
    public void Items_AreWhatKernelsAndHostAgreeOn()
    {
        Assert.Equal(52, Marshal.SizeOf<WorkItem>());
        Assert.Equal(8, Marshal.SizeOf<OutputPlace>());
        Assert.Equal(16, Marshal.SizeOf<View>());
    }

    // In this process, which has no GPU or has one: no exception either way.
    [Fact]
    public void Library_WhereThereIsNoDriver_IsNull()
    {
        if (CudaLibrary.Instance is { } driver)
        {
            driver.Init();
            Assert.Equal(CudaResult.Success, driver.DeviceGetCount(out int count));
            Assert.True(count >= 0);
        }
        else
        {
            Assert.False(NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _));
        }
    }

    [Fact]
    public void Memory_ThatIsNotEnough_IsOneSentenceAndLeavesNothing()
    {
        InterpretedDriver driver = new() { MaxBytes = 6000 };
        CudaException e = Assert.Throws<CudaException>(() => ProductRun.Check(Case, 1, ElementType.Float16, driver));
        Assert.Contains("the GPU has not enough memory for ", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, driver.ContextDepth);

        // x and y are the test's own.
        Assert.Equal(2, driver.Memory.Count);
    }

    [Fact]
    public void Driver_ThatIsTooOld_IsOneSentence()
    {
        InterpretedDriver driver = new() { LoadResult = CudaResult.UnsupportedPtxVersion };
        CudaException e = Assert.Throws<CudaException>(() => ProductRun.Check(Case, 1, ElementType.Float32, driver));
        Assert.Contains("it must be of CUDA 10.0 or newer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_ThatIsTooOld_IsOneSentence()
    {
        InterpretedDriver driver = new() { Capability = 61 };
        CudaException e = Assert.Throws<CudaException>(() => ProductRun.Check(Case, 1, ElementType.Float32, driver));
        Assert.Equal("the GPU Interpreter 0 has compute capability 6.1, and 7.5 is needed", e.Message);
    }

    [Fact]
    public void Stream_OfNoContext_IsOneSentence()
    {
        InterpretedDriver driver = new();
        CudaException e = Assert.Throws<CudaException>(
            () => CudaContext.Of(driver, InterpretedDriver.Stream(7)));
        Assert.Equal("the CUDA driver failed to find the context of a stream (error 201)", e.Message);
    }

    [Fact]
    public void Devices_EachHaveTheirOwnKernelsAndMemory()
    {
        InterpretedDriver driver = new() { Devices = 2 };
        byte[] x = new byte[Case.Rows * sizeof(float)];
        Elements.Fill(new Random(1), ElementType.Float32, x);
        CudaProduct product = CudaProduct.Create(WeightGenerator.Create(Case), null);
        byte[] first = ProductRun.Run(product, driver, InterpretedDriver.Stream(0), x, 1, ElementType.Float32);
        int after = driver.Memory.Count;
        byte[] second = ProductRun.Run(product, driver, InterpretedDriver.Stream(1), x, 1, ElementType.Float32);
        Assert.Equal(first, second);
        Assert.Equal(2 * after, driver.Memory.Count);
        nint[] streams = [.. driver.Launches.Select(launch => launch.Stream).Distinct()];
        Assert.Equal([InterpretedDriver.Stream(0), InterpretedDriver.Stream(1)], streams);
        product.Dispose();

        // The working memory of two streams.
        Assert.Equal(2, driver.Memory.Count);
        Assert.Throws<ObjectDisposedException>(
            () => ProductRun.Run(product, driver, InterpretedDriver.Stream(0), x, 1, ElementType.Float32));
    }

    // Nothing on the device and nothing managed; the interpreter itself allocates, so that a driver that does nothing
    // stands in for it.
    [Fact]
    public void Runs_BehindTheFirst_AllocateNothing()
    {
        InterpretedDriver interpreter = new();
        SilentDriver driver = new(interpreter);
        using CudaProduct product = CudaProduct.Create(WeightGenerator.Create(Case), null);
        product.Run(driver, InterpretedDriver.Stream(0), 256, 256, 9, ElementType.Float32);
        product.Run(driver, InterpretedDriver.Stream(0), 256, 256, 1, ElementType.Float32);
        int blocks = interpreter.Memory.Count;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            product.Run(driver, InterpretedDriver.Stream(0), 256, 256, 1 + (8 * (i % 2)), ElementType.Float32);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(blocks, interpreter.Memory.Count);
    }

    [Fact]
    public void Runs_OnSeveralThreadsAndStreams_DoNotDisturbEachOther()
    {
        InterpretedDriver driver = new();
        using CudaProduct product = CudaProduct.Create(WeightGenerator.Create(Case), null);
        byte[][] x = [.. Enumerable.Range(0, 6).Select(i =>
        {
            byte[] bytes = new byte[Case.Rows * sizeof(float)];
            Elements.Fill(new Random(i), ElementType.Float32, bytes);
            return bytes;
        })];
        byte[][] alone = [
            .. x.Select(v => ProductRun.Run(product, driver, InterpretedDriver.Stream(0), v, 1, ElementType.Float32))];
        byte[][] together = new byte[x.Length][];
        Parallel.For(0, x.Length, i => together[i] = ProductRun.Run(
            product, driver, InterpretedDriver.Stream(0, i), x[i], 1, ElementType.Float32));
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Weights_ThatAreEqual_LieOnADeviceOnce()
    {
        InterpretedDriver driver = new();
        byte[] x = new byte[Case.Rows * sizeof(float)];
        Elements.Fill(new Random(1), ElementType.Float32, x);
        byte[] Run(CudaProduct product) =>
            ProductRun.Run(product, driver, InterpretedDriver.Stream(0), x, 1, ElementType.Float32);

        CudaProduct first = CudaProduct.Create(WeightGenerator.Create(Case), null);
        byte[] y = Run(first);
        int blocks = driver.Memory.Count;
        CudaProduct equal = CudaProduct.Create(WeightGenerator.Create(Case), null);
        Assert.Equal(y, Run(equal));
        Assert.Equal(blocks, driver.Memory.Count);
        double[] bias = new double[Case.Columns];
        bias[^1] = 1;
        CudaProduct other = CudaProduct.Create(WeightGenerator.Create(Case), bias);
        Assert.NotEqual(y, Run(other));
        Assert.Equal((2 * blocks) - 1, driver.Memory.Count);

        // The one that is left still runs; the working memory stays.
        first.Dispose();
        other.Dispose();
        Assert.Equal(y, Run(equal));
        Assert.Equal(blocks, driver.Memory.Count);
        equal.Dispose();
        Assert.Equal(1, driver.Memory.Count);
    }

    [Fact]
    public void Rows_BeyondABlock_AreCut()
    {
        Assert.Equal(256, CudaProduct.BlockRows(4096));
        Assert.Equal(64, CudaProduct.BlockRows(1 << 24));
        InterpretedDriver driver = new();
        ProductRun.Check(
            new WeightCase { Rows = 5, Columns = 33, Bits = 3, Taps = 1 }, 300, ElementType.Float32, driver);
        Assert.Equal(2, driver.Launches.Count(launch => launch.Kernel == "Kernel_TileMany3"));
    }

    [Fact]
    public void Description_SaysWhatADeviceHolds()
    {
        WeightCase large = new() { Rows = 300, Columns = 640, Bits = 4, Taps = 1 };
        using CudaProduct packed = CudaProduct.Create(WeightGenerator.Create(large), null);
        Assert.Equal("0.11 MB on the GPU, packed", packed.Describe());
        using CudaProduct dense = CudaProduct.Create(
            WeightGenerator.Create(large with { IsWindow = true, Taps = 2 }), null);
        Assert.EndsWith("on the GPU, decoded to float32", dense.Describe(), StringComparison.Ordinal);
    }
}

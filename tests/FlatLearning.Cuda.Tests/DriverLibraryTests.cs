using System.Diagnostics;
using System.Runtime.InteropServices;
using FlatLearning.Cuda.Driver;
using FlatLearning.Kernels;

namespace FlatLearning.Cuda.Tests;

/// <summary>
/// The calls into the driver's library, with a library of that name that only notes them. Where the machine has the
/// real one, or no C compiler, there is nothing to build.
/// </summary>
public sealed unsafe class DriverLibraryTests
{
    private const nint Stream = 77;

    [DriverStubFact]
    public void Product_ThroughTheLibrary_CallsWithArgumentsInPlace()
    {
        string folder = Directory.CreateTempSubdirectory("flat-cuda").FullName;
        string file = Path.Combine(folder, "libcuda.so.1");
        using (Process compiler = Process.Start(
            DriverStubFactAttribute.Compiler!,
            ["-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-o", file,
                Path.Combine(AppContext.BaseDirectory, "Support", "DriverStub.c")]))
        {
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }

        // Loaded once, it is found by its name.
        nint library = NativeLibrary.Load(file);
        ICudaDriver driver = CudaLibrary.Open()!;
        Assert.Equal(CudaResult.Success, driver.Init());
        Assert.Equal(CudaResult.Success, driver.DeviceGetCount(out int devices));
        Assert.Equal(1, devices);
        CudaContext context = CudaContext.Of(driver, Stream);
        Assert.Equal(("Stub", 7, 86), (context.Name, context.Multiprocessors, context.Capability));

        using (context.Enter())
        {
            ulong address = context.Upload<int>([3, 5, 7], "numbers");
            int* back = stackalloc int[3];
            Assert.Equal(CudaResult.Success, driver.MemcpyDtoH(back, address, 12));
            Assert.Equal([3, 5, 7], new ReadOnlySpan<int>(back, 3).ToArray());
            Assert.Equal(CudaResult.Success, driver.MemFree(address));
        }

        WeightCase c = new() { Rows = 300, Columns = 500, Bits = 4, Taps = 2 };
        using CudaProduct product = CudaProduct.Create(WeightGenerator.Create(c), null);
        product.Run(driver, Stream, 4096, 8192, 2, ElementType.Float32);
        Launch* last = ((delegate* unmanaged<Launch*>)NativeLibrary.GetExport(library, "stubLast"))();

        // The last kernel: 32 places a block, 512 places, two rows; its first argument is the partial sums.
        Assert.Equal((16u, 2u, 1u), (last->X, last->Y, last->Z));
        Assert.Equal((256u, 1u, 1u, 0u), (last->ThreadsX, last->ThreadsY, last->ThreadsZ, last->Shared));
        Assert.Equal(Stream, last->Stream);
        Assert.Equal(PtxText.Read("Finish").Length - 1, last->Function);
        Assert.Equal(3, last->Launches);
        Assert.NotEqual(0u, last->First);
        Assert.Equal(0, ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "stubDepth"))());
        CudaException e = Assert.Throws<CudaException>(() => CudaContext.Of(driver, 5));
        Assert.Contains("(error 201)", e.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Launch
    {
        public uint X, Y, Z, ThreadsX, ThreadsY, ThreadsZ, Shared;
        public nint Function, Stream;
        public ulong First;
        public int Launches;
    }
}

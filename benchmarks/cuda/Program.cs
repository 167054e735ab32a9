using FlatLearning.Cuda;
using FlatLearning.Cuda.Driver;
using FlatLearning.CudaBenchmark;

// Kernels on the first GPU: are they right, and how fast are they. --check leaves the second out, --kernels lists them.
if (args.Contains("--kernels"))
{
    foreach (string kernel in PtxText.Kernels)
    {
        Console.WriteLine($"{kernel}: {PtxText.Read(kernel).Length} bytes of PTX");
    }

    return 0;
}

try
{
    ICudaDriver driver = CudaLibrary.Instance
        ?? throw new CudaException("there is no CUDA driver on this machine (libcuda.so.1 or nvcuda.dll)");
    CudaException.Check(driver.Init(), "to start");
    CudaContext context = CudaContext.Of(driver, 0);
    using CudaContext.Scope scope = context.Enter();
    DriverTimer timer = new();
    Console.WriteLine(
        $"{context.Name}, {context.Multiprocessors} multiprocessors, compute capability "
            + $"{context.Capability / 10}.{context.Capability % 10}");
    int wrong = Correctness.Check(driver, context, timer.Stream, timer.Wait, 1, 2, 3, 5, 8, 9, 17, 70);
    if (!args.Contains("--check"))
    {
        Speed.Measure(driver, context, timer);
    }

    return wrong == 0 ? 0 : 3;
}
catch (CudaException e)
{
    Console.Error.WriteLine($"Nothing was measured: {e.Message}.");
    return 2;
}

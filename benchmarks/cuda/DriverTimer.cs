using System.Runtime.InteropServices;
using FlatLearning.Cuda.Driver;

namespace FlatLearning.CudaBenchmark;

/// <summary>A stream, events around work on it, and graphs of such work: what only a benchmark asks a driver for.
/// </summary>
internal sealed unsafe class DriverTimer
{
    private const uint NonBlocking = 1;
    private const int ThreadLocalCapture = 1;

    private readonly nint _library;
    private readonly nint _begin;
    private readonly nint _end;

    /// <summary>Makes stream and events in the current context.</summary>
    public DriverTimer()
    {
        _library = NativeLibrary.Load(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1");
        nint stream, begin, end;
        Check(((delegate* unmanaged<nint*, uint, CudaResult>)Export("cuStreamCreate"))(&stream, NonBlocking));
        var create = (delegate* unmanaged<nint*, uint, CudaResult>)Export("cuEventCreate");
        Check(create(&begin, 0));
        Check(create(&end, 0));
        (Stream, _begin, _end) = (stream, begin, end);
    }

    /// <summary>The stream.</summary>
    public nint Stream { get; }

    /// <summary>Microseconds that work takes on the device, from the first launch to the end of the last.</summary>
    public double Measure(Action work)
    {
        var record = (delegate* unmanaged<nint, nint, CudaResult>)Export("cuEventRecord");
        Check(record(_begin, Stream));
        work();
        Check(record(_end, Stream));
        Check(((delegate* unmanaged<nint, CudaResult>)Export("cuEventSynchronize"))(_end));
        float milliseconds;
        Check(((delegate* unmanaged<float*, nint, nint, CudaResult>)Export("cuEventElapsedTime"))(
            &milliseconds, _begin, _end));
        return 1000.0 * milliseconds;
    }

    /// <summary>Work as one graph: what is left are the kernels themselves.</summary>
    public Action Capture(Action work)
    {
        nint graph, executable;
        Check(((delegate* unmanaged<nint, int, CudaResult>)Export("cuStreamBeginCapture_v2"))(
            Stream, ThreadLocalCapture));
        work();
        Check(((delegate* unmanaged<nint, nint*, CudaResult>)Export("cuStreamEndCapture"))(Stream, &graph));
        Check(((delegate* unmanaged<nint*, nint, ulong, CudaResult>)Export("cuGraphInstantiateWithFlags"))(
            &executable, graph, 0));
        nint made = executable;
        return () => Check(((delegate* unmanaged<nint, nint, CudaResult>)Export("cuGraphLaunch"))(made, Stream));
    }

    /// <summary>Waits for the stream.</summary>
    public void Wait() => Check(((delegate* unmanaged<nint, CudaResult>)Export("cuStreamSynchronize"))(Stream));

    /// <summary>Copies on the device.</summary>
    public void Copy(ulong to, ulong from, nuint bytes) => Check(
        ((delegate* unmanaged<ulong, ulong, nuint, nint, CudaResult>)Export("cuMemcpyDtoDAsync_v2"))(
            to, from, bytes, Stream));

    private static void Check(CudaResult result) => CudaException.Check(result, "to measure");

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}

using System.Runtime.InteropServices;
using FlatLearning.Cuda.Driver;
using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// The functions behind an <see cref="OrtCustomOp"/> that do work. Each catches everything and returns a status.
/// </summary>
internal static unsafe class KernelCallbacks
{
    // The table that comes along is that of the structure's version, with fewer functions than the one opened before.
    [UnmanagedCallersOnly]
    public static nint Create(OrtCustomOp* op, void* table, nint info, nint* kernel)
    {
        OrtApi api = ((NativeOperator*)op)->Api;
        string where = string.Empty;
        try
        {
            *kernel = 0;
            CustomOperator managed = NativeOperator.From(op);
            where = managed.Name;
            NodeReader node = new(api, info);
            where = $"{managed.Name} node '{node.Name}'";
            *kernel = GCHandle.ToIntPtr(GCHandle.Alloc(new Instance(api, managed.CreateKernel(node), where)));
            return 0;
        }
        catch (Exception e)
        {
            return StatusOf(api, where, e);
        }
    }

    [UnmanagedCallersOnly]
    public static nint Compute(nint kernel, nint context)
    {
        Instance instance = (Instance)GCHandle.FromIntPtr(kernel).Target!;
        try
        {
            instance.Kernel.Compute(KernelContext.Of(instance.Api, context));
            return 0;
        }
        catch (Exception e)
        {
            return StatusOf(instance.Api, instance.Where, e);
        }
    }

    [UnmanagedCallersOnly]
    public static void Destroy(nint kernel)
    {
        if (kernel == 0)
        {
            return;
        }

        GCHandle handle = GCHandle.FromIntPtr(kernel);
        try
        {
            (((Instance)handle.Target!).Kernel as IDisposable)?.Dispose();
        }
        catch (Exception)
        {
            // Nobody is there to be told, and what a device keeps goes with the process.
        }

        handle.Free();
    }

    [UnmanagedCallersOnly]
    public static nint InferShapes(OrtCustomOp* op, nint context)
    {
        try
        {
            NativeOperator.From(op).InferShapes(new ShapeInference(((NativeOperator*)op)->Api, context));
        }
        catch (Exception)
        {
            // Shapes are advice. The host leaks a status returned here, and the kernel checks everything again.
        }

        return 0;
    }

    private static nint StatusOf(OrtApi api, string where, Exception e)
    {
        string message = e switch
        {
            DynFormatException => $"{where}: {e.Message}.",
            CudaException => $"{where}: {e.Message}.",
            OrtException => $"{where}: ONNX Runtime refused a request of the operator ({e.Message}).",
            OutOfMemoryException => $"{where}: there is not enough memory.",
            _ => $"{where}: a defect of the operator library ({e.GetType().Name}: {e.Message}); please report it.",
        };
        return api.NewStatus(
            e is DynFormatException ? OrtErrorCode.InvalidArgument : OrtErrorCode.RuntimeException, message);
    }

    // A kernel, the host that it was made for, and operator and node for messages.
    private sealed record Instance(OrtApi Api, CustomKernel Kernel, string Where);
}

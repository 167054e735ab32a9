using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// The functions behind an <see cref="OrtCustomOp"/> that do work. Each catches everything and returns a status.
/// </summary>
internal static unsafe class KernelShims
{
    [UnmanagedCallersOnly]
    public static nint Create(OrtCustomOp* op, void* table, nint info, nint* kernel)
    {
        // The table that comes along has the newest version that both sides know, like the one opened before; the
        // operator's own version only says how long its structure is.
        OrtApi opened = ((NativeOperator*)op)->Api;
        OrtApi api = opened.Functions == table ? opened : new OrtApi((OrtFunctions*)table, op->Version);
        string where = string.Empty;
        try
        {
            *kernel = 0;
            CustomOperator managed = NativeOperator.From(op);
            where = managed.Name;
            NodeInfo node = new(api, info);
            where = $"{managed.Name} node '{node.NodeName}'";
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
            instance.Kernel.Compute(new KernelContext(instance.Api, context));
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
        if (kernel != 0)
        {
            GCHandle.FromIntPtr(kernel).Free();
        }
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
            OperatorException or DynFormatException => $"{where}: {e.Message}.",
            OrtException => $"{where}: ONNX Runtime refused a request of the operator ({e.Message}).",
            OutOfMemoryException => $"{where}: there is not enough memory.",
            _ => $"{where}: a defect of the operator library ({e.GetType().Name}: {e.Message}); please report it.",
        };
        bool isArgument = e is OperatorException or DynFormatException;
        return api.NewStatus(isArgument ? OrtErrorCode.InvalidArgument : OrtErrorCode.RuntimeException, message);
    }

    // A kernel, the host that it was made for, and operator and node for messages.
    private sealed class Instance(OrtApi api, CustomKernel kernel, string where)
    {
        public OrtApi Api => api;

        public CustomKernel Kernel => kernel;

        public string Where => where;
    }
}

using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// The functions behind an <see cref="OrtCustomOp"/> that do work. Each catches everything and returns a status.
/// </summary>
internal static unsafe class KernelShims
{
    [UnmanagedCallersOnly]
    public static OrtStatusHandle* Create(OrtCustomOp* op, void** table, OrtKernelInfoHandle* info, void** kernel)
    {
        OrtApi api = NativeOperator.ApiOf(op, table);
        string where = string.Empty;
        try
        {
            *kernel = null;
            CustomOperator managed = NativeOperator.From(op);
            where = managed.Name;
            KernelInfo node = new(api, info);
            where = $"{managed.Name} node '{node.NodeName}'";
            KernelInstance instance = new(api, managed.CreateKernel(node), where);
            *kernel = (void*)GCHandle.ToIntPtr(GCHandle.Alloc(instance));
            return null;
        }
        catch (Exception e)
        {
            return StatusOf(api, where, e);
        }
    }

    [UnmanagedCallersOnly]
    public static OrtStatusHandle* Compute(void* kernel, OrtKernelContextHandle* context)
    {
        KernelInstance instance = InstanceOf(kernel);
        try
        {
            instance.Kernel.Compute(new KernelContext(instance.Api, context));
            return null;
        }
        catch (Exception e)
        {
            return StatusOf(instance.Api, instance.Where, e);
        }
    }

    [UnmanagedCallersOnly]
    public static void Destroy(void* kernel)
    {
        if (kernel is null)
        {
            return;
        }

        try
        {
            InstanceOf(kernel).Kernel.Release();
        }
        catch (Exception)
        {
            // Nothing can be reported from here; what was not released stays allocated.
        }

        GCHandle.FromIntPtr((nint)kernel).Free();
    }

    [UnmanagedCallersOnly]
    public static OrtStatusHandle* InferShapes(OrtCustomOp* op, OrtShapeInferContextHandle* context)
    {
        try
        {
            NativeOperator.From(op).InferShapes(new ShapeInference(((NativeOperator*)op)->Api, context));
        }
        catch (Exception)
        {
            // Shapes are advice. The host leaks a status returned here, and the kernel checks everything again.
        }

        return null;
    }

    private static KernelInstance InstanceOf(void* kernel) => (KernelInstance)GCHandle.FromIntPtr((nint)kernel).Target!;

    private static OrtStatusHandle* StatusOf(OrtApi api, string where, Exception e)
    {
        string message = e switch
        {
            OperatorException => $"{where}: {e.Message}.",
            OrtException => $"{where}: ONNX Runtime refused a request of the operator ({e.Message}).",
            OutOfMemoryException => $"{where}: there is not enough memory.",
            _ => $"{where}: a defect of the operator library ({e.GetType().Name}: {e.Message}); please report it.",
        };
        return api.NewStatus(
            e is OperatorException ? OrtErrorCode.InvalidArgument : OrtErrorCode.RuntimeException, message);
    }
}

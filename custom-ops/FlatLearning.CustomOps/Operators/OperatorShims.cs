using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>The functions behind an <see cref="OrtCustomOp"/> that describe the operator. None can fail.</summary>
internal static unsafe class OperatorShims
{
    // Until 1.23, ONNX Runtime follows a null pointer when it infers shapes of a node with an absent optional input.
    // Shapes are advice only: there it learns them when the model runs.
    private const uint SafeShapeInference = 24;

    /// <summary>A native description of an operator in unmanaged memory, never freed.</summary>
    /// <param name="managed">The operator.</param>
    /// <param name="api">The host; the structure claims no newer version than the host's.</param>
    public static OrtCustomOp* Create(CustomOperator managed, OrtApi api)
    {
        NativeOperator* native = (NativeOperator*)NativeMemory.AllocZeroed((nuint)sizeof(NativeOperator));
        native->Managed = GCHandle.ToIntPtr(GCHandle.Alloc(managed));
        native->Api = api;
        native->Name = (byte*)Marshal.StringToCoTaskMemUTF8(managed.Name);
        native->Op = new OrtCustomOp
        {
            Version = Math.Min(OperatorDomain.NewestOperatorVersion, api.Version),
            GetName = &GetName,
            GetExecutionProviderType = &GetExecutionProviderType,
            GetInputType = &GetInputType,
            GetInputTypeCount = &GetInputTypeCount,
            GetOutputType = &GetOutputType,
            GetOutputTypeCount = &GetOutputTypeCount,
            GetInputCharacteristic = &GetInputCharacteristic,
            GetOutputCharacteristic = &GetOutputCharacteristic,
            GetInputMemoryType = &GetInputMemoryType,
            GetVariadicInputMinArity = &One,
            GetVariadicInputHomogeneity = &One,
            GetVariadicOutputMinArity = &One,
            GetVariadicOutputHomogeneity = &One,
            GetStartVersion = &One,
            GetEndVersion = &LastVersion,
            CreateKernelV2 = &KernelShims.Create,
            KernelComputeV2 = &KernelShims.Compute,
            KernelDestroy = &KernelShims.Destroy,
            InferOutputShapeFn = api.Version >= SafeShapeInference ? &KernelShims.InferShapes : null,
        };
        return &native->Op;
    }

    [UnmanagedCallersOnly]
    private static byte* GetName(OrtCustomOp* op) => ((NativeOperator*)op)->Name;

    // Null is the CPU provider.
    [UnmanagedCallersOnly]
    private static byte* GetExecutionProviderType(OrtCustomOp* op) => null;

    [UnmanagedCallersOnly]
    private static nuint GetInputTypeCount(OrtCustomOp* op) => (nuint)NativeOperator.From(op).Inputs.Count;

    [UnmanagedCallersOnly]
    private static nuint GetOutputTypeCount(OrtCustomOp* op) => (nuint)NativeOperator.From(op).Outputs.Count;

    [UnmanagedCallersOnly]
    private static TensorElementType GetInputType(OrtCustomOp* op, nuint index) =>
        At(NativeOperator.From(op).Inputs, index).Type;

    [UnmanagedCallersOnly]
    private static TensorElementType GetOutputType(OrtCustomOp* op, nuint index) =>
        At(NativeOperator.From(op).Outputs, index).Type;

    [UnmanagedCallersOnly]
    private static int GetInputCharacteristic(OrtCustomOp* op, nuint index) =>
        (int)At(NativeOperator.From(op).Inputs, index).Presence;

    [UnmanagedCallersOnly]
    private static int GetOutputCharacteristic(OrtCustomOp* op, nuint index) =>
        (int)At(NativeOperator.From(op).Outputs, index).Presence;

    [UnmanagedCallersOnly]
    private static int GetInputMemoryType(OrtCustomOp* op, nuint index) => 0;

    [UnmanagedCallersOnly]
    private static int One(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static int LastVersion(OrtCustomOp* op) => int.MaxValue;

    // An index beyond the list cannot come from a sane host; answering with the last keeps the callback from throwing.
    private static OperatorParameter At(IReadOnlyList<OperatorParameter> list, nuint index) =>
        list[(int)Math.Min(index, (nuint)list.Count - 1)];
}

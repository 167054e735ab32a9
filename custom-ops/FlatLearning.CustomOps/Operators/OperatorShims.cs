using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>The functions behind an <see cref="OrtCustomOp"/> that describe the operator. None can fail.</summary>
internal static unsafe class OperatorShims
{
    // The newest layout of OrtCustomOp that is filled in here (fields up to the alias map).
    private const uint NewestLayout = 18;

    // Until 1.23, ONNX Runtime follows a null pointer when it infers shapes of a node with an absent optional input.
    // Shapes are advice only: there it learns them when the model runs.
    private const uint SafeShapeInference = 24;

    private const int Required = 0;
    private const int Optional = 1;

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
            Version = Math.Min(NewestLayout, api.Version),
            GetName = &Name,
            GetExecutionProviderType = &Provider,
            GetInputType = &InputType,
            GetInputTypeCount = &Inputs,
            GetOutputType = &OutputType,
            GetOutputTypeCount = &Outputs,
            GetInputCharacteristic = &Presence,
            GetOutputCharacteristic = &Zero,
            GetInputMemoryType = &Zero,
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
    private static byte* Name(OrtCustomOp* op) => ((NativeOperator*)op)->Name;

    // Null is the CPU provider.
    [UnmanagedCallersOnly]
    private static byte* Provider(OrtCustomOp* op) => null;

    [UnmanagedCallersOnly]
    private static nuint Inputs(OrtCustomOp* op) => (nuint)NativeOperator.From(op).Inputs;

    [UnmanagedCallersOnly]
    private static nuint Outputs(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static TensorElementType InputType(OrtCustomOp* op, nuint index) =>
        index == 0 ? NativeOperator.From(op).Type : TensorElementType.Undefined;

    [UnmanagedCallersOnly]
    private static TensorElementType OutputType(OrtCustomOp* op, nuint index) => NativeOperator.From(op).Type;

    [UnmanagedCallersOnly]
    private static int Presence(OrtCustomOp* op, nuint index) => index == 0 ? Required : Optional;

    [UnmanagedCallersOnly]
    private static int Zero(OrtCustomOp* op, nuint index) => 0;

    [UnmanagedCallersOnly]
    private static int One(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static int LastVersion(OrtCustomOp* op) => int.MaxValue;
}

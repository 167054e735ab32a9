using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// An <see cref="OrtCustomOp"/> followed by what its callbacks need; the host sees the first part. The callbacks here
/// describe the operator, and none can fail; those that do work are <see cref="KernelCallbacks"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeOperator
{
    // The layout of OrtCustomOp up to InferOutputShapeFn, which every usable host knows. The rest stays null.
    private const uint Layout = 17;

    // Until 1.23, ONNX Runtime follows a null pointer when it infers shapes of a node with an absent optional input.
    // Shapes are advice only: there it learns them when the model runs.
    private const uint SafeShapeInference = 24;

    // OrtMemTypeDefault and OrtMemTypeCPUInput.
    private const int OfProvider = 0;
    private const int OfProcessor = -2;

    private const int Required = 0;
    private const int Optional = 1;

    private OrtCustomOp _op;
    private nint _managed;
    private byte* _name;
    private byte* _provider;

    /// <summary>The host that it was made for.</summary>
    public OrtApi Api;

    /// <summary>A description in unmanaged memory, never freed.</summary>
    /// <param name="managed">The operator.</param>
    /// <param name="api">The host.</param>
    public static OrtCustomOp* Create(CustomOperator managed, OrtApi api)
    {
        NativeOperator* native = (NativeOperator*)NativeMemory.AllocZeroed((nuint)sizeof(NativeOperator));
        *native = new NativeOperator
        {
            Api = api,
            _managed = GCHandle.ToIntPtr(GCHandle.Alloc(managed)),
            _name = new Utf8(managed.Name).Pointer,
            _provider = managed.Provider is { } provider ? new Utf8(provider).Pointer : null,
            _op = new OrtCustomOp
            {
                Version = Layout,
                GetName = &Name,
                GetExecutionProviderType = &Provider,
                GetInputType = &InputType,
                GetInputTypeCount = &InputCount,
                GetOutputType = &OutputType,
                GetOutputTypeCount = &OutputCount,
                GetInputCharacteristic = &Presence,
                GetOutputCharacteristic = &Zero,
                GetInputMemoryType = &Memory,
                CreateKernelV2 = &KernelCallbacks.Create,
                KernelComputeV2 = &KernelCallbacks.Compute,
                KernelDestroy = &KernelCallbacks.Destroy,
                InferOutputShapeFn = api.Version >= SafeShapeInference ? &KernelCallbacks.InferShapes : null,
            },
        };
        return &native->_op;
    }

    /// <summary>The operator behind a pointer that the host passes back.</summary>
    public static CustomOperator From(OrtCustomOp* op) =>
        (CustomOperator)GCHandle.FromIntPtr(((NativeOperator*)op)->_managed).Target!;

    [UnmanagedCallersOnly]
    private static byte* Name(OrtCustomOp* op) => ((NativeOperator*)op)->_name;

    // Null is the CPU provider.
    [UnmanagedCallersOnly]
    private static byte* Provider(OrtCustomOp* op) => ((NativeOperator*)op)->_provider;

    [UnmanagedCallersOnly]
    private static nuint InputCount(OrtCustomOp* op) => (nuint)From(op).Inputs;

    [UnmanagedCallersOnly]
    private static nuint OutputCount(OrtCustomOp* op) => 1;

    [UnmanagedCallersOnly]
    private static TensorType InputType(OrtCustomOp* op, nuint index) =>
        From(op).Operands.ElementAtOrDefault((int)index);

    [UnmanagedCallersOnly]
    private static TensorType OutputType(OrtCustomOp* op, nuint index) => From(op).Output;

    [UnmanagedCallersOnly]
    private static int Presence(OrtCustomOp* op, nuint index) =>
        (int)index < From(op).Operands.Count ? Required : Optional;

    [UnmanagedCallersOnly]
    private static int Memory(OrtCustomOp* op, nuint index) =>
        ((NativeOperator*)op)->_provider is null || index == 0 ? OfProvider : OfProcessor;

    [UnmanagedCallersOnly]
    private static int Zero(OrtCustomOp* op, nuint index) => 0;
}

using System.Runtime.InteropServices;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Api;

/// <summary>
/// ONNX Runtime's function table as far as an operator needs it, each function at its slot. The table is append-only,
/// so a slot never moves; names are those of the C header. Handles are plain addresses; strings are UTF-8 and end with
/// a zero; where a status is returned, 0 is success.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct OrtFunctions
{
    private const int Slot = 8;

    [FieldOffset(0 * Slot)] public delegate* unmanaged<OrtErrorCode, byte*, nint> CreateStatus;
    [FieldOffset(2 * Slot)] public delegate* unmanaged<nint, byte*> GetErrorMessage;
    [FieldOffset(26 * Slot)] public delegate* unmanaged<byte*, nint*, nint> CreateCustomOpDomain;
    [FieldOffset(27 * Slot)] public delegate* unmanaged<nint, OrtCustomOp*, nint> CustomOpDomainAdd;
    [FieldOffset(28 * Slot)] public delegate* unmanaged<nint, nint, nint> AddCustomOpDomain;
    [FieldOffset(51 * Slot)] public delegate* unmanaged<nint, nint*, nint> GetTensorMutableData;
    [FieldOffset(57 * Slot)] public delegate* unmanaged<nint*, nint> CreateTensorTypeAndShapeInfo;
    [FieldOffset(58 * Slot)] public delegate* unmanaged<nint, TensorType, nint> SetTensorElementType;
    [FieldOffset(59 * Slot)] public delegate* unmanaged<nint, long*, nuint, nint> SetDimensions;
    [FieldOffset(60 * Slot)] public delegate* unmanaged<nint, TensorType*, nint> GetTensorElementType;
    [FieldOffset(61 * Slot)] public delegate* unmanaged<nint, nuint*, nint> GetDimensionsCount;
    [FieldOffset(62 * Slot)] public delegate* unmanaged<nint, long*, nuint, nint> GetDimensions;
    [FieldOffset(63 * Slot)] public delegate* unmanaged<nint, byte**, nuint, nint> GetSymbolicDimensions;
    [FieldOffset(65 * Slot)] public delegate* unmanaged<nint, nint*, nint> GetTensorTypeAndShape;
    [FieldOffset(85 * Slot)] public delegate* unmanaged<nint, byte*, float*, nint> KernelInfoGetAttributeFloat;
    [FieldOffset(86 * Slot)] public delegate* unmanaged<nint, byte*, long*, nint> KernelInfoGetAttributeInt64;
    [FieldOffset(87 * Slot)] public delegate* unmanaged<nint, byte*, byte*, nuint*, nint> KernelInfoGetAttributeString;
    [FieldOffset(90 * Slot)] public delegate* unmanaged<nint, nuint, nint*, nint> KernelContextGetInput;
    [FieldOffset(91 * Slot)] public delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint> KernelContextGetOutput;
    [FieldOffset(93 * Slot)] public delegate* unmanaged<nint, void> ReleaseStatus;
    [FieldOffset(99 * Slot)] public delegate* unmanaged<nint, void> ReleaseTensorTypeAndShapeInfo;
    [FieldOffset(125 * Slot)] public delegate* unmanaged<byte***, int*, nint> GetAvailableProviders;
    [FieldOffset(126 * Slot)] public delegate* unmanaged<byte**, int, nint> ReleaseAvailableProviders;
    [FieldOffset(162 * Slot)]
    public delegate* unmanaged<nint, byte*, float*, nuint*, nint> KernelInfoGetAttributeArrayFloat;
    [FieldOffset(163 * Slot)]
    public delegate* unmanaged<nint, byte*, long*, nuint*, nint> KernelInfoGetAttributeArrayInt64;
    [FieldOffset(193 * Slot)] public delegate* unmanaged<nint, nint*, nint> KernelContextGetGPUComputeStream;
    [FieldOffset(230 * Slot)] public delegate* unmanaged<nint, nuint*, nint> KernelInfoGetInputCount;
    [FieldOffset(232 * Slot)] public delegate* unmanaged<nint, nuint, byte*, nuint*, nint> KernelInfoGetInputName;
    [FieldOffset(238 * Slot)] public delegate* unmanaged<nint, byte*, byte*, nuint*, nint> GetSessionConfigEntry;
    [FieldOffset(244 * Slot)] public delegate* unmanaged<nint, byte*, nuint*, nint> KernelInfoGetNodeName;
    [FieldOffset(245 * Slot)] public delegate* unmanaged<nint, nint*, nint> KernelInfoGetLogger;
    [FieldOffset(247 * Slot)] public delegate* unmanaged<nint, int, byte*, nint, int, byte*, nint> LoggerLogMessage;
    [FieldOffset(249 * Slot)]
    public delegate* unmanaged<nint, nuint, int*, nint*, nint> KernelInfoGetConstantInputTensor;
    [FieldOffset(268 * Slot)] public delegate* unmanaged<nint, nuint, nint*, nint> ShapeInferContextGetInputTypeShape;
    [FieldOffset(269 * Slot)] public delegate* unmanaged<nint, byte*, nint*, nint> ShapeInferContextGetAttribute;
    [FieldOffset(270 * Slot)] public delegate* unmanaged<nint, nuint, nint, nint> ShapeInferContextSetOutputTypeShape;
    [FieldOffset(271 * Slot)] public delegate* unmanaged<nint, byte**, nuint, nint> SetSymbolicDimensions;
    [FieldOffset(272 * Slot)] public delegate* unmanaged<nint, int, void*, nuint, nuint*, nint> ReadOpAttr;
    [FieldOffset(274 * Slot)]
    public delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint>
        KernelContextParallelFor;

    /// <summary>Only from <see cref="OrtApi.ShapeReferenceVersion"/> on.</summary>
    [FieldOffset(414 * Slot)]
    public delegate* unmanaged<nint, TensorType*, long**, nuint*, nint>
        GetTensorElementTypeAndShapeDataReference;
}

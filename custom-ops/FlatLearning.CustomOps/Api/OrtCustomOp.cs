using System.Runtime.InteropServices;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Api;

/// <summary>
/// The C structure by which an operator is announced: 208 bytes, function pointers in the order of the C header. The
/// host reads a field only where <see cref="Version"/> says that it exists; those left null here are never called.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OrtCustomOp
{
    public uint Version;
    public delegate* unmanaged<OrtCustomOp*, void*, nint, nint> CreateKernel;
    public delegate* unmanaged<OrtCustomOp*, byte*> GetName;
    public delegate* unmanaged<OrtCustomOp*, byte*> GetExecutionProviderType;
    public delegate* unmanaged<OrtCustomOp*, nuint, TensorType> GetInputType;
    public delegate* unmanaged<OrtCustomOp*, nuint> GetInputTypeCount;
    public delegate* unmanaged<OrtCustomOp*, nuint, TensorType> GetOutputType;
    public delegate* unmanaged<OrtCustomOp*, nuint> GetOutputTypeCount;
    public delegate* unmanaged<nint, nint, void> KernelCompute;
    public delegate* unmanaged<nint, void> KernelDestroy;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetInputCharacteristic;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetOutputCharacteristic;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetInputMemoryType;
    public delegate* unmanaged<OrtCustomOp*, int> GetVariadicInputMinArity;
    public delegate* unmanaged<OrtCustomOp*, int> GetVariadicInputHomogeneity;
    public delegate* unmanaged<OrtCustomOp*, int> GetVariadicOutputMinArity;
    public delegate* unmanaged<OrtCustomOp*, int> GetVariadicOutputHomogeneity;
    public delegate* unmanaged<OrtCustomOp*, void*, nint, nint*, nint> CreateKernelV2;
    public delegate* unmanaged<nint, nint, nint> KernelComputeV2;
    public delegate* unmanaged<OrtCustomOp*, nint, nint> InferOutputShapeFn;
    public delegate* unmanaged<OrtCustomOp*, int> GetStartVersion;
    public delegate* unmanaged<OrtCustomOp*, int> GetEndVersion;
    public delegate* unmanaged<int**, int**, nuint> GetMayInplace;
    public delegate* unmanaged<int*, int*, void> ReleaseMayInplace;
    public delegate* unmanaged<int**, int**, nuint> GetAliasMap;
    public delegate* unmanaged<int*, int*, void> ReleaseAliasMap;
}

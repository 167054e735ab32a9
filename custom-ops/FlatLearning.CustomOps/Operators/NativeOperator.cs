using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>An <see cref="OrtCustomOp"/> followed by what its callbacks need; the host sees the first part.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeOperator
{
    public OrtCustomOp Op;

    /// <summary>A handle to the <see cref="CustomOperator"/>; never freed.</summary>
    public nint Managed;

    /// <summary>The host that it was made for.</summary>
    public OrtApi Api;

    /// <summary>The name, UTF-8 with a zero at its end; never freed.</summary>
    public byte* Name;

    /// <summary>The operator behind a pointer that the host passes back.</summary>
    public static CustomOperator From(OrtCustomOp* op) =>
        (CustomOperator)GCHandle.FromIntPtr(((NativeOperator*)op)->Managed).Target!;
}

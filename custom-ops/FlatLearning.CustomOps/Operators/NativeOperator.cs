using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// An <see cref="OrtCustomOp"/> followed by what its callbacks need; the host only sees the first part.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeOperator
{
    public OrtCustomOp Op;

    /// <summary>A handle to the <see cref="CustomOperator"/>; never freed.</summary>
    public nint Managed;

    /// <summary>The host's function table.</summary>
    public OrtApi Api;

    /// <summary>The name, UTF-8, zero-terminated; never freed.</summary>
    public byte* Name;

    /// <summary>
    /// The function table that the host hands to an operator, with the newest version that both sides know: the
    /// operator's own version only says how long its structure is.
    /// </summary>
    public static OrtApi ApiOf(OrtCustomOp* op, void** table)
    {
        OrtApi opened = ((NativeOperator*)op)->Api;
        return opened.Identity == (nint)table ? opened : OrtApi.FromTable(table, op->Version);
    }

    /// <summary>The operator behind a pointer that the host passes back.</summary>
    public static CustomOperator From(OrtCustomOp* op) =>
        (CustomOperator)GCHandle.FromIntPtr(((NativeOperator*)op)->Managed).Target!;
}

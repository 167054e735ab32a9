using System.Runtime.InteropServices;
using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>
/// Owns a native session; keeps it alive while a run is in progress, even if it is disposed meanwhile.
/// </summary>
internal sealed unsafe class SessionHandle : SafeHandle
{
    private readonly OrtApi _api;

    public SessionHandle(OrtApi api, OrtSessionHandle* session)
        : base(0, ownsHandle: true)
    {
        _api = api;
        SetHandle((nint)session);
    }

    public override bool IsInvalid => handle == 0;

    public OrtSessionHandle* Pointer => (OrtSessionHandle*)handle;

    protected override bool ReleaseHandle()
    {
        _api.ReleaseSession(Pointer);
        return true;
    }
}

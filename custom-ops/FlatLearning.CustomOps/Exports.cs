using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps;

/// <summary>What the native library exports.</summary>
internal static class Exports
{
    /// <summary>The entry point that ONNX Runtime calls for every session that registers the library.</summary>
    /// <param name="options">The session's options.</param>
    /// <param name="apiBase">The host's C API.</param>
    /// <returns>A status for the host; 0 for success.</returns>
    [UnmanagedCallersOnly(EntryPoint = "RegisterCustomOps")]
    public static nint RegisterCustomOps(nint options, nint apiBase)
    {
#if FLAT_LOOKS_FOR_SIBLING
        if (SiblingLibrary.Register(options, apiBase, out nint status))
        {
            return status;
        }
#endif
        try
        {
            OrtApi api = OrtApi.Open(apiBase);
            return OperatorDomain.Register(api, options, HostSettings.Read(api, options));
        }
        catch (Exception e)
        {
            return OrtApi.Refuse(
                apiBase,
                e is DynFormatException
                    ? e.Message
                    : $"The operators of domain {DynOperator.Domain} could not be registered: {e.Message}");
        }
    }

    /// <summary>
    /// Bytes that the library's own collector has handed out so far; tests prove with it that computing allocates
    /// nothing.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "FlatAllocatedBytes")]
    public static long AllocatedBytes() => GC.GetTotalAllocatedBytes(precise: true);
}

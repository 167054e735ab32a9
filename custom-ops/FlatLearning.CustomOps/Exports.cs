using System.Runtime.InteropServices;
using FlatLearning.Dyn.Operators;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps;

/// <summary>What the native library exports.</summary>
internal static class Exports
{
    private static readonly Lazy<OperatorDomain> Domain = new(CreateDomain);

    /// <summary>
    /// The entry point that ONNX Runtime calls for every session that registers the library.
    /// </summary>
    /// <param name="options">The session's options.</param>
    /// <param name="apiBase">The host's C API.</param>
    /// <returns>A status for the host; null for success.</returns>
    [UnmanagedCallersOnly(EntryPoint = "RegisterCustomOps")]
    public static nint RegisterCustomOps(nint options, nint apiBase)
    {
#if FLAT_LOOKS_FOR_SIBLING
        if (SiblingLibrary.Register(options, apiBase, out nint status))
        {
            return status;
        }
#endif
        return Domain.Value.Register(options, apiBase);
    }

    /// <summary>Bytes that the library's own collector has handed out so far; tests prove with it that computing allocates nothing.</summary>
    [UnmanagedCallersOnly(EntryPoint = "FlatAllocatedBytes")]
    public static long AllocatedBytes() => GC.GetTotalAllocatedBytes(precise: true);

    private static OperatorDomain CreateDomain()
    {
        List<CustomOperator> operators = [];
        foreach (string name in DynOperator.Names)
        {
            foreach (TensorElementType type in DynMatMulOperator.Types)
            {
                operators.Add(new DynMatMulOperator(name, type));
            }
        }

        return new OperatorDomain(DynOperator.Domain, operators);
    }
}

using System.Runtime.InteropServices;
using FlatLearning.Dyn.Operators;
using FlatLearning.CustomOps.Api;
using FlatLearning.Kernels;
using FlatLearning.CustomOps.Operators;

namespace FlatLearning.CustomOps;

/// <summary>What the native library exports.</summary>
internal static class Exports
{
    private static readonly Lazy<OperatorDomain> Exact = new(() => CreateDomain(Activations.Float32));
    private static readonly Lazy<OperatorDomain> Rounded = new(() => CreateDomain(Activations.Int8));

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
        return Activation(options, apiBase, out Activations activations, out nint refusal)
            ? (activations == Activations.Int8 ? Rounded : Exact).Value.Register(options, apiBase)
            : refusal;
    }

    /// <summary>
    /// Bytes that the library's own collector has handed out so far; tests prove with it that computing allocates
    /// nothing.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "FlatAllocatedBytes")]
    public static long AllocatedBytes() => GC.GetTotalAllocatedBytes(precise: true);

    // A host that is too old is refused by the domain, with both versions.
    private static bool Activation(nint options, nint apiBase, out Activations activations, out nint refusal)
    {
        (activations, refusal) = (Activations.Float32, 0);
        try
        {
            string? value = HostSettings.ConfigEntry(options, apiBase, ActivationsSetting.Key);
            if (ActivationsSetting.TryParse(value, out activations))
            {
                return true;
            }

            refusal = HostSettings.Refuse(
                apiBase,
                $"The session config entry {ActivationsSetting.Key} is '{value}', expected 'float32' (the default) "
                    + $"or 'int8'.");
            return false;
        }
        catch (Exception)
        {
            return true;
        }
    }

    private static OperatorDomain CreateDomain(Activations activations)
    {
        List<CustomOperator> operators = [];
        foreach (string name in DynOperator.Names)
        {
            foreach (TensorElementType type in DynMatMulOperator.Types)
            {
                operators.Add(new DynMatMulOperator(name, type, activations));
            }
        }

        return new OperatorDomain(DynOperator.Domain, operators);
    }
}

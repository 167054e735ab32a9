using System.Diagnostics.CodeAnalysis;

namespace FlatLearning.Kernels;

/// <summary>Whether a kernel may be asked for by name although a better one exists for the processor.</summary>
internal static class KernelChoice
{
    private const string Switch = "FlatLearning.Kernels.IsOpen";

    private static readonly bool Setting = !AppContext.TryGetSwitch(Switch, out bool value) || value;

    /// <summary>
    /// True unless the program's build says otherwise. The native library's does: its compiler then leaves out the
    /// kernels for AVX2 where it may assume AVX-512.
    /// </summary>
    [FeatureSwitchDefinition(Switch)]
    public static bool IsOpen => Setting;
}

using FlatLearning.CustomOps.Operators;

namespace FlatLearning.CustomOps;

/// <summary>All operators of the library: a line for each, which a file of its own implements.</summary>
internal static class OperatorList
{
    /// <summary>The operators under all of their names and for all types.</summary>
    /// <param name="settings">What the session asks for.</param>
    public static IEnumerable<CustomOperator> Create(HostSettings settings) =>
    [
        .. DynMatMul.All(settings),
        .. DynGather.All(settings),
        .. CudaMatMul.All(settings),
    ];
}

using FlatLearning.CustomOps.Operators;
using FlatLearning.Kernels;

namespace FlatLearning.CustomOps;

/// <summary>All operators of the library: a line for each, which a file of its own implements.</summary>
internal static class OperatorList
{
    /// <summary>The operators under all of their names and for all types.</summary>
    /// <param name="activations">In what numbers a few rows of x are multiplied.</param>
    public static IEnumerable<CustomOperator> Create(Activations activations) =>
    [
        .. DynMatMul.All(activations),
    ];
}

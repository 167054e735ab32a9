using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>
/// Names and attributes of the operator <c>ai.flatlearning::DynWeight</c>, stored weights that give dense tensors;
/// specified in <c>schemas/DynWeight.md</c>. The library does not have it: ONNX Runtime must expand its function, which
/// it then folds into a constant.
/// </summary>
internal static class TensorOperator
{
    /// <summary>The operator's name; aliases append a number, as many as there are structures.</summary>
    public const string Name = "DynWeight";

    /// <summary>Ints: the shape that the elements get, or the shapes of all outputs.</summary>
    public const string Dims = "dims";

    /// <summary>Ints: how many of these each output has, where there are several.</summary>
    public const string Ranks = "ranks";

    /// <summary>
    /// Tensor: the same numbers, for operator sets that cannot make a value of a list of integers.
    /// </summary>
    public const string DimsValue = "dims_value";

    /// <summary>Int: 1 where the elements are those of the transposed matrix.</summary>
    public const string Transposed = "transposed";

    /// <summary>Ints: the order in which axes are taken in the end; absent where they stay.</summary>
    public const string Perm = "perm";

    /// <summary>The name with a number.</summary>
    public static string NameOf(int number) => number == 0 ? Name : $"{Name}_{number}";

    /// <summary>Whether a node is of the operator, under any of its names.</summary>
    public static bool Is(NodeProto node) => node.Domain == DynOperator.Domain
        && (node.OpType == Name
            || (node.OpType.StartsWith($"{Name}_", StringComparison.Ordinal)
                && node.OpType.AsSpan(Name.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0));
}

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// Names and numbers of the operator <c>ai.flatlearning::DynGather</c>; specified in <c>schemas/DynGather.md</c>.
/// </summary>
public static class DynGatherOperator
{
    /// <summary>The position of the operand indices, int32 or int64 of any shape.</summary>
    public const int Indices = 0;

    /// <summary>How many operands stand before the inputs of the weight.</summary>
    public const int Operands = 1;

    /// <summary>The operator's name; aliases append <c>_1</c> to <c>_7</c>.</summary>
    public const string Name = "DynGather";

    /// <summary>How many names the operator has, <see cref="Name"/> included.</summary>
    public const int NameCount = 8;

    /// <summary>One more alias, for nodes that only the library can run.</summary>
    public const string LibraryName = "DynGather_needs_the_library_flat_custom_ops";

    /// <summary>How many inputs there are.</summary>
    public static int InputCount => Operands + WeightInputs.Count;

    /// <summary>Every name of the operator.</summary>
    public static IEnumerable<string> Names => Enumerable.Range(0, NameCount).Select(NameOf).Append(LibraryName);

    /// <summary>The name of the input at a position as the specification writes it.</summary>
    public static string InputName(int position) =>
        position == Indices ? "indices" : ((WeightInput)(position - Operands)).Name();

    /// <summary>The name with the given number: <c>DynGather</c> for 0, <c>DynGather_3</c> for 3.</summary>
    public static string NameOf(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, NameCount);
        return number == 0 ? Name : $"{Name}_{number}";
    }

    /// <summary>Whether an operator type in the domain is this operator under any of its names.</summary>
    public static bool IsName(string operatorType) => Names.Contains(operatorType);
}

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// Names and numbers of the operator <c>ai.flatlearning::DynMatMul</c>; specified in <c>schemas/DynMatMul.md</c>.
/// </summary>
public static class DynOperator
{
    /// <summary>The position of the operand x [..., K].</summary>
    public const int X = 0;

    /// <summary>The position of the operand bias [N]; may be absent.</summary>
    public const int Bias = 1;

    /// <summary>How many operands stand before the inputs of the weight.</summary>
    public const int Operands = 2;

    /// <summary>How many inputs there are.</summary>
    public static int InputCount => Operands + WeightInputs.Count;

    /// <summary>The operator domain.</summary>
    public const string Domain = "ai.flatlearning";

    /// <summary>The operator's name; aliases append <c>_1</c> to <c>_31</c>.</summary>
    public const string Name = "DynMatMul";

    /// <summary>How many names the operator has, <see cref="Name"/> included.</summary>
    public const int NameCount = 32;

    /// <summary>
    /// One more alias, for nodes that only the library can run: ONNX Runtime without it refuses the model with a
    /// sentence that holds the operator's name, and so the library's.
    /// </summary>
    public const string LibraryName = "DynMatMul_needs_the_library_flat_custom_ops";

    /// <summary>The only schema version there is.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The domain's operator set version, as imported by models.</summary>
    public const int OpsetVersion = 1;

    /// <summary>The position of an input of the weight.</summary>
    public static int PositionOf(WeightInput input) => Operands + (int)input;

    /// <summary>The name of the input at a position as the specification writes it.</summary>
    public static string InputName(int position) => position switch
    {
        X => "x",
        Bias => "bias",
        _ => ((WeightInput)(position - Operands)).Name(),
    };

    /// <summary>The name with the given number: <c>DynMatMul</c> for 0, <c>DynMatMul_3</c> for 3.</summary>
    public static string NameOf(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, NameCount);
        return number == 0 ? Name : $"{Name}_{number}";
    }

    /// <summary>Every name of the operator.</summary>
    public static IEnumerable<string> Names => Enumerable.Range(0, NameCount).Select(NameOf).Append(LibraryName);

    /// <summary>Whether an operator type in <see cref="Domain"/> is this operator under any of its names.</summary>
    public static bool IsName(string operatorType)
    {
        foreach (string name in Names)
        {
            if (operatorType == name)
            {
                return true;
            }
        }

        return false;
    }
}

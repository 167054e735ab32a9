namespace FlatLearning.Dyn.Operators;

/// <summary>Names and numbers of the operator <c>ai.flatlearning::DynMatMul</c>; specified in <c>schemas/DynMatMul.md</c>.</summary>
public static class DynOperator
{
    /// <summary>The operator domain.</summary>
    public const string Domain = "ai.flatlearning";

    /// <summary>The operator's name; aliases append <c>_1</c> to <c>_31</c>.</summary>
    public const string Name = "DynMatMul";

    /// <summary>How many names the operator has, <see cref="Name"/> included.</summary>
    public const int NameCount = 32;

    /// <summary>The only schema version there is.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The domain's operator set version, as imported by models.</summary>
    public const int OpsetVersion = 1;

    /// <summary>The name with the given number: <c>DynMatMul</c> for 0, <c>DynMatMul_3</c> for 3.</summary>
    public static string NameOf(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, NameCount);
        return number == 0 ? Name : $"{Name}_{number}";
    }

    /// <summary>Whether an operator type in <see cref="Domain"/> is this operator under any of its names.</summary>
    public static bool IsName(string operatorType)
    {
        for (int number = 0; number < NameCount; number++)
        {
            if (operatorType == NameOf(number))
            {
                return true;
            }
        }

        return false;
    }
}

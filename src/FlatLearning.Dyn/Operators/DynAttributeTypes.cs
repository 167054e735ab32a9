namespace FlatLearning.Dyn.Operators;

/// <summary>What sentences call them.</summary>
internal static class DynAttributeTypes
{
    /// <summary>For example <c>an int</c>.</summary>
    public static string Words(this DynAttributeType type) => type switch
    {
        DynAttributeType.Float => "a float",
        DynAttributeType.Int => "an int",
        DynAttributeType.String => "a string",
        DynAttributeType.Floats => "a list of floats",
        DynAttributeType.Ints => "a list of ints",
        _ => "empty or of another type",
    };
}

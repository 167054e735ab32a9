namespace FlatLearning.Dyn.Operators;

/// <summary>
/// One attribute of a node, independent of the file format: an int, ints or a string. One of another type has no value.
/// </summary>
public sealed record DynAttribute
{
    private DynAttribute(string name, DynAttributeType type, long[] integers, string text) =>
        (Name, Type, Integers, Text) = (name, type, integers, text);

    /// <summary>The attribute's name.</summary>
    public string Name { get; }

    /// <summary>Which of the values holds.</summary>
    public DynAttributeType Type { get; }

    /// <summary>The value of an int (one element) or of ints; empty for a string.</summary>
    public IReadOnlyList<long> Integers { get; }

    /// <summary>The value of a string; empty otherwise.</summary>
    public string Text { get; }

    /// <summary>Whether another attribute has the same value.</summary>
    internal bool HasValueOf(DynAttribute other) => Text == other.Text && Integers.SequenceEqual(other.Integers);

    /// <summary>An int.</summary>
    public static DynAttribute Int(string name, long value) => new(name, DynAttributeType.Int, [value], "");

    /// <summary>Ints.</summary>
    public static DynAttribute Ints(string name, params long[] values) => new(name, DynAttributeType.Ints, values, "");

    /// <summary>A string.</summary>
    public static DynAttribute String(string name, string value) => new(name, DynAttributeType.String, [], value);

    /// <summary>One of another type, which no weight has; it is refused where it has the name of one that weights have.
    /// </summary>
    public static DynAttribute Foreign(string name, DynAttributeType type) => new(name, type, [], "");
}

using A = FlatLearning.Dyn.Operators.DynAttributes;

namespace FlatLearning.Dyn.Operators;

/// <summary>Between <see cref="DynAttributes"/> and the named attributes of a node. Writing and reading are inverse to each other.</summary>
public static class DynAttributeList
{
    /// <summary>All attributes, in the order of the specification.</summary>
    public static IReadOnlyList<DynAttribute> Write(DynAttributes attributes) =>
    [
        DynAttribute.Int(A.SchemaVersionName, attributes.SchemaVersion),
        DynAttribute.Ints(A.ShapeName, attributes.Rows, attributes.Columns),
        DynAttribute.Int(A.BitsName, attributes.Bits),
        DynAttribute.Int(A.TapsName, attributes.Taps),
        DynAttribute.String(A.MetricName, attributes.Metric),
        DynAttribute.Int(A.StateBitsName, attributes.StateBits),
        DynAttribute.Int(A.StateDimName, attributes.StateDim),
        DynAttribute.Int(A.HeadsName, attributes.Heads),
        DynAttribute.Int(A.ShiftsName, attributes.Shifts),
        DynAttribute.Int(A.WidthName, attributes.Width),
    ];

    /// <summary>
    /// Reads a node's attributes; their values are checked by <see cref="DynWeightReader"/>. Throws <see cref="DynFormatException"/> for one
    /// that is missing, of another type or there twice; others than those of the specification are ignored.
    /// </summary>
    public static DynAttributes Read(IEnumerable<DynAttribute> attributes)
    {
        Dictionary<string, DynAttribute> byName = new(StringComparer.Ordinal);
        foreach (DynAttribute attribute in attributes)
        {
            if (!byName.TryAdd(attribute.Name, attribute))
            {
                throw new DynFormatException($"attribute {attribute.Name} is there twice");
            }
        }

        DynAttribute shape = Take(byName, A.ShapeName, DynAttributeType.Ints);
        if (shape.Integers.Count != 2)
        {
            throw new DynFormatException($"attribute {A.ShapeName} has {shape.Integers.Count} elements, expected 2: K and N");
        }

        return new DynAttributes(
            Int(byName, A.SchemaVersionName),
            shape.Integers[0],
            shape.Integers[1],
            Int(byName, A.BitsName),
            Int(byName, A.TapsName),
            Take(byName, A.MetricName, DynAttributeType.String).Text,
            Int(byName, A.StateBitsName),
            Int(byName, A.StateDimName),
            Int(byName, A.HeadsName),
            Int(byName, A.ShiftsName),
            Int(byName, A.WidthName));
    }

    private static long Int(Dictionary<string, DynAttribute> byName, string name) => Take(byName, name, DynAttributeType.Int).Integers[0];

    private static DynAttribute Take(Dictionary<string, DynAttribute> byName, string name, DynAttributeType type)
    {
        if (!byName.Remove(name, out DynAttribute? attribute))
        {
            throw new DynFormatException($"attribute {name} is missing");
        }

        return attribute.Type == type
            ? attribute
            : throw new DynFormatException($"attribute {name} has the type {attribute.Type}, expected {type}");
    }
}

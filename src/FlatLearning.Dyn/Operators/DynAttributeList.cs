using FlatLearning.Dyn.Metrics;
using A = FlatLearning.Dyn.Operators.DynAttributes;

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// Between <see cref="DynAttributes"/> and the named attributes of a node. Writing and reading are inverse to each
/// other.
/// </summary>
public static class DynAttributeList
{
    private static readonly A Defaults = new(0, 0, 0, 0, 1, MetricKinds.None, 0, 0, 0, 0, 0);

    /// <summary>
    /// The attributes in the order of the specification. Those with their default value are left out, since a model may
    /// have hundreds of nodes; <c>schema_version</c>, <c>shape</c> and <c>bits</c> never are.
    /// </summary>
    public static IReadOnlyList<DynAttribute> Write(DynAttributes attributes)
    {
        List<DynAttribute> list =
        [
            DynAttribute.Int(A.SchemaVersionName, attributes.SchemaVersion),
            DynAttribute.Ints(A.ShapeName, attributes.Rows, attributes.Columns),
            DynAttribute.Int(A.BitsName, attributes.Bits),
        ];
        Add(A.TapsName, attributes.Taps, Defaults.Taps);
        if (attributes.Metric != Defaults.Metric)
        {
            list.Add(DynAttribute.String(A.MetricName, attributes.Metric));
        }

        Add(A.StateBitsName, attributes.StateBits, Defaults.StateBits);
        Add(A.StateDimName, attributes.StateDim, Defaults.StateDim);
        Add(A.HeadsName, attributes.Heads, Defaults.Heads);
        Add(A.ShiftsName, attributes.Shifts, Defaults.Shifts);
        Add(A.WidthName, attributes.Width, Defaults.Width);
        if (attributes.Storage != Defaults.Storage)
        {
            list.Add(DynAttribute.String(A.StorageName, attributes.Storage));
        }

        if (attributes.HasBands)
        {
            list.Add(DynAttribute.Int(A.GroupWidthName, attributes.GroupWidth));
            list.Add(DynAttribute.Ints(A.BandBitsName, [.. attributes.BandBits!]));
            list.Add(DynAttribute.Ints(A.BandTapsName, [.. attributes.BandTaps!]));
        }

        return list;

        void Add(string name, long value, long absent)
        {
            if (value != absent)
            {
                list.Add(DynAttribute.Int(name, value));
            }
        }
    }

    /// <summary>
    /// Reads a node's attributes; their values are checked by <see cref="DynWeightReader"/>. Throws
    /// <see cref="DynFormatException"/> for one that is missing and has no default, of another type or there twice;
    /// others than those of the specification are ignored.
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
            throw new DynFormatException(
                $"attribute {A.ShapeName} has {shape.Integers.Count} elements, expected 2: K and N");
        }

        return new DynAttributes(
            Int(byName, A.SchemaVersionName),
            shape.Integers[0],
            shape.Integers[1],
            Int(byName, A.BitsName),
            Int(byName, A.TapsName, Defaults.Taps),
            byName.ContainsKey(A.MetricName)
                ? Take(byName, A.MetricName, DynAttributeType.String).Text
                : Defaults.Metric,
            Int(byName, A.StateBitsName, Defaults.StateBits),
            Int(byName, A.StateDimName, Defaults.StateDim),
            Int(byName, A.HeadsName, Defaults.Heads),
            Int(byName, A.ShiftsName, Defaults.Shifts),
            Int(byName, A.WidthName, Defaults.Width),
            byName.ContainsKey(A.StorageName)
                ? Take(byName, A.StorageName, DynAttributeType.String).Text
                : Defaults.Storage,
            Int(byName, A.GroupWidthName, 0),
            byName.ContainsKey(A.BandBitsName) ? Take(byName, A.BandBitsName, DynAttributeType.Ints).Integers : null,
            byName.ContainsKey(A.BandTapsName) ? Take(byName, A.BandTapsName, DynAttributeType.Ints).Integers : null);
    }

    private static long Int(Dictionary<string, DynAttribute> byName, string name) =>
        Take(byName, name, DynAttributeType.Int).Integers[0];

    private static long Int(Dictionary<string, DynAttribute> byName, string name, long absent) =>
        byName.ContainsKey(name) ? Int(byName, name) : absent;

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

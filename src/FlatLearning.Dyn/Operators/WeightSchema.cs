using FlatLearning.Dyn.Terms;

namespace FlatLearning.Dyn.Operators;

/// <summary>The attributes of a weight, in the order of <c>schemas/DynMatMul.md</c>.</summary>
public static class WeightSchema
{
    /// <summary>Attribute <c>schema_version</c>.</summary>
    public static readonly DynAttributeSpec SchemaVersion = new(DynAttribute.Int("schema_version", 0), true);

    /// <summary>Attribute <c>shape</c>: K and N.</summary>
    public static readonly DynAttributeSpec Shape = new(DynAttribute.Ints("shape"), true);

    /// <summary>Attribute <c>storage</c>: one of the names in <see cref="StorageKinds"/>.</summary>
    public static readonly DynAttributeSpec Storage = new(DynAttribute.String("storage", StorageKinds.Packed));

    /// <summary>Those that belong to no term.</summary>
    public static IReadOnlyList<DynAttributeSpec> Common { get; } = [SchemaVersion, Shape, Storage];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DynAttributeSpec> Attributes { get; } =
        [.. Common, .. TermKinds.All.SelectMany(kind => kind.Attributes)];

    /// <summary>Those that the node of a weight may have.</summary>
    public static IEnumerable<DynAttributeSpec> AttributesOf(DynWeight weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        DynAttributeSpec[] foreign =
        [
            .. TermKinds.All.Where(kind => !weight.Terms.Any(kind.IsKindOf)).SelectMany(kind => kind.Attributes),
            .. weight.Storage == StorageKinds.Packed ? [Storage] : (DynAttributeSpec[])[],
        ];
        return Attributes.Where(spec => spec.IsRequired || !foreign.Contains(spec));
    }
}

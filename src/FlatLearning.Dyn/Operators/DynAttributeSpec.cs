namespace FlatLearning.Dyn.Operators;

/// <summary>An attribute that nodes may have.</summary>
/// <param name="Absent">Its name and type, and the value that stands for a missing one.</param>
/// <param name="IsRequired">Whether a node without it is refused.</param>
public sealed record DynAttributeSpec(DynAttribute Absent, bool IsRequired = false)
{
    /// <summary>The attribute's name.</summary>
    public string Name => Absent.Name;

    /// <summary>The attribute's type.</summary>
    public DynAttributeType Type => Absent.Type;
}

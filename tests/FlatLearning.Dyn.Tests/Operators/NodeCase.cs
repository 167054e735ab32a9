using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Operators;

/// <summary>A node that a test damages: the attributes and inputs of a good weight, all replaceable.</summary>
internal sealed class NodeCase
{
    public NodeCase(WeightCase c)
        : this(WeightGenerator.Create(c))
    {
    }

    public NodeCase(DynWeight weight)
    {
        DynNode node = DynWeightWriter.Write(weight);
        Attributes = [.. node.Attributes];
        Inputs = new Dictionary<WeightInput, ConstantTensor>(node.Inputs);
    }

    public List<DynAttribute> Attributes { get; }

    public Dictionary<WeightInput, ConstantTensor> Inputs { get; }

    /// <summary>Replaces or adds an attribute.</summary>
    public void Set(DynAttribute attribute)
    {
        Attributes.RemoveAll(other => other.Name == attribute.Name);
        Attributes.Add(attribute);
    }

    public void Set(string name, long value) => Set(DynAttribute.Int(name, value));

    public DynWeight Read() => DynWeightReader.Read(Attributes, input => Inputs.GetValueOrDefault(input));
}

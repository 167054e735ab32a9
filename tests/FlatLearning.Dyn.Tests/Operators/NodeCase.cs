using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Operators;

/// <summary>A node that a test damages: the attributes and inputs of a good weight, both replaceable.</summary>
internal sealed class NodeCase
{
    public NodeCase(WeightCase c)
    {
        DynNode node = DynWeightWriter.Write(WeightGenerator.Create(c));
        Attributes = DynAttributeList.Read(node.Attributes);
        Inputs = new Dictionary<DynInput, ConstantTensor>(node.Inputs);
    }

    public DynAttributes Attributes { get; set; }

    public Dictionary<DynInput, ConstantTensor> Inputs { get; }

    public DynWeight Read() => DynWeightReader.Read(Attributes, position => Inputs.GetValueOrDefault(position));
}

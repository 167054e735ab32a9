using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;

namespace FlatLearning.CustomOps.Nodes;

/// <summary>What a node's attributes and constants say, checked against <c>schemas/DynMatMul.md</c>.</summary>
/// <param name="Weight">W; its packed blobs lie in the host's initializers.</param>
/// <param name="Bias">[N] in double precision, or null.</param>
internal sealed record NodeContents(DynWeight Weight, double[]? Bias)
{
    /// <summary>Reads a node.</summary>
    /// <exception cref="DynFormatException">The node breaks the specification.</exception>
    /// <exception cref="OperatorException">An attribute has the wrong type, or an input is not a constant.</exception>
    public static NodeContents Read(KernelInfo node)
    {
        List<DynAttribute> attributes = Attributes(node);
        Dictionary<int, ConstantTensor> constants = Constants(node);
        DynWeight weight = DynWeightReader.Read(
            attributes, input => constants.GetValueOrDefault(DynOperator.PositionOf(input)));
        ConstantTensor? bias = constants.GetValueOrDefault(DynOperator.Bias);
        return new NodeContents(weight, bias is null ? null : BiasReader.Read(bias, weight.Columns));
    }

    // The host gives attributes by name alone.
    private static List<DynAttribute> Attributes(KernelInfo node)
    {
        List<DynAttribute> attributes = [];
        foreach (DynAttributeSpec spec in WeightSchema.Attributes)
        {
            DynAttribute? attribute = spec.Type switch
            {
                DynAttributeType.Int => node.GetInt(spec.Name) is { } value ? DynAttribute.Int(spec.Name, value) : null,
                DynAttributeType.Ints =>
                    node.GetInts(spec.Name) is { } values ? DynAttribute.Ints(spec.Name, values) : null,
                _ => node.GetString(spec.Name) is { } text ? DynAttribute.String(spec.Name, text) : null,
            };
            if (attribute is not null)
            {
                attributes.Add(attribute);
            }
        }

        return attributes;
    }

    private static Dictionary<int, ConstantTensor> Constants(KernelInfo node)
    {
        Dictionary<int, ConstantTensor> constants = [];
        for (int position = DynOperator.Bias; position < DynOperator.InputCount; position++)
        {
            if (!node.HasInput(position))
            {
                continue;
            }

            string name = DynOperator.InputName(position);
            ConstantInput constant = node.GetConstantInput(position)
                ?? throw new DynFormatException(
                    $"input {name} is not constant; every input but x must be an initializer");
            constants.Add(
                position,
                new ConstantTensor((int)constant.View.Type, constant.Shape, HostMemory.Of(constant, name)));
        }

        return constants;
    }
}

using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Nodes;

/// <summary>What a node's attributes and constants say, checked against <c>schemas/DynMatMul.md</c>.</summary>
/// <param name="Weight">W; its packed blobs lie in the host's initializers.</param>
/// <param name="Bias">[N] in double precision, or null.</param>
internal sealed record NodeContents(DynWeight Weight, double[]? Bias)
{
    /// <summary>Reads a node.</summary>
    /// <exception cref="DynFormatException">The node breaks the specification.</exception>
    /// <exception cref="OperatorException">An attribute has the wrong type, or an input is not a dense tensor.
    /// </exception>
    public static NodeContents Read(in NodeInfo node)
    {
        List<DynAttribute> attributes = [];
        foreach (DynAttributeSpec spec in WeightSchema.Attributes)
        {
            if (node.Attribute(spec) is { } attribute)
            {
                attributes.Add(attribute);
            }
        }

        Dictionary<int, ConstantTensor> constants = [];
        for (int position = DynOperator.Bias; position < DynOperator.InputCount; position++)
        {
            if (node.HasInput(position))
            {
                string name = DynOperator.InputName(position);
                constants[position] = node.TryGetConstant(position, name, out long[] shape, out Tensor tensor)
                    ? new ConstantTensor((int)tensor.Type, shape, HostMemory.Of(tensor, shape, name))
                    : throw new DynFormatException(
                        $"input {name} is not constant; every input but x must be an initializer");
            }
        }

        DynWeight weight = DynWeightReader.Read(
            attributes, input => constants.GetValueOrDefault(DynOperator.PositionOf(input)));
        ConstantTensor? bias = constants.GetValueOrDefault(DynOperator.Bias);
        return new NodeContents(weight, bias is null ? null : ReadBias(bias, weight.Columns));
    }

    // Exact for all its types.
    private static double[] ReadBias(ConstantTensor bias, int columns)
    {
        if (bias.Shape.Length != 1 || bias.Shape[0] != columns)
        {
            throw new DynFormatException(
                $"input bias has the shape [{string.Join(", ", bias.Shape)}], expected [{columns}]");
        }

        ReadOnlySpan<byte> bytes = bias.Bytes.Span;
        return (TensorElementType)bias.ElementType switch
        {
            TensorElementType.Float =>
                Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), v => (double)v),
            TensorElementType.Float16 =>
                Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), v => (double)v),
            TensorElementType.Double => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            TensorElementType other =>
                throw new DynFormatException($"input bias is {other.OnnxName()}, expected float, float16 or double"),
        };
    }
}

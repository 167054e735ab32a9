using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Nodes;

/// <summary>
/// Reads what a node's attributes and constants say, checked against <c>schemas/DynMatMul.md</c>. Every method throws
/// <see cref="DynFormatException"/> or <see cref="OperatorException"/> where the node breaks the specification.
/// </summary>
internal static class NodeReader
{
    /// <summary>The weight, whose packed blobs lie in the host's initializers.</summary>
    /// <param name="node">The node.</param>
    /// <param name="operands">Inputs that stand before those of the weight.</param>
    public static DynWeight Weight(in NodeInfo node, int operands)
    {
        List<DynAttribute> attributes = [];
        foreach (DynAttributeSpec spec in WeightSchema.Attributes)
        {
            if (node.Attribute(spec) is { } attribute)
            {
                attributes.Add(attribute);
            }
        }

        ConstantTensor?[] constants = new ConstantTensor?[WeightInputs.Count];
        for (int i = 0; i < constants.Length; i++)
        {
            constants[i] = Constant(node, operands + i, ((WeightInput)i).Name());
        }

        return DynWeightReader.Read(attributes, input => constants[(int)input]);
    }

    /// <summary>A vector in double precision, exact for all its types; null where the node has none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="position">Its position.</param>
    /// <param name="name">Its name.</param>
    /// <param name="length">How many numbers it must have.</param>
    public static double[]? Vector(in NodeInfo node, int position, string name, int length)
    {
        if (Constant(node, position, name) is not { } constant)
        {
            return null;
        }

        if (constant.Shape.Length != 1 || constant.Shape[0] != length)
        {
            throw new DynFormatException(
                $"input {name} has the shape [{string.Join(", ", constant.Shape)}], expected [{length}]");
        }

        ReadOnlySpan<byte> bytes = constant.Bytes.Span;
        return (TensorElementType)constant.ElementType switch
        {
            TensorElementType.Float =>
                Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), v => (double)v),
            TensorElementType.Float16 =>
                Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), v => (double)v),
            TensorElementType.Double => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            TensorElementType other =>
                throw new DynFormatException($"input {name} is {other.OnnxName()}, expected float, float16 or double"),
        };
    }

    private static ConstantTensor? Constant(in NodeInfo node, int position, string name)
    {
        if (!node.HasInput(position))
        {
            return null;
        }

        return node.TryGetConstant(position, name, out long[] shape, out Tensor tensor)
            ? new ConstantTensor((int)tensor.Type, shape, HostMemory.Of(tensor, shape, name))
            : throw new DynFormatException($"input {name} is not constant; every input but x must be an initializer");
    }
}

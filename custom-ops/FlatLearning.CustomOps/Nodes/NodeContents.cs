using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
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
        DynAttributes attributes = Attributes(node);
        Dictionary<DynInput, ConstantTensor> constants = Constants(node);
        DynWeight weight = DynWeightReader.Read(attributes, constants.GetValueOrDefault);
        ConstantTensor? bias = constants.GetValueOrDefault(DynInput.Bias);
        return new NodeContents(weight, bias is null ? null : BiasReader.Read(bias, weight.Columns));
    }

    private static DynAttributes Attributes(KernelInfo node)
    {
        long[] shape = node.GetInts(DynAttributes.ShapeName) ?? throw Missing(DynAttributes.ShapeName);
        if (shape.Length != 2)
        {
            throw new DynFormatException(
                $"attribute {DynAttributes.ShapeName} has {shape.Length} numbers, expected 2, K and N");
        }

        return new DynAttributes(
            node.GetInt(DynAttributes.SchemaVersionName) ?? throw Missing(DynAttributes.SchemaVersionName),
            shape[0],
            shape[1],
            node.GetInt(DynAttributes.BitsName) ?? throw Missing(DynAttributes.BitsName),
            node.GetInt(DynAttributes.TapsName) ?? 1,
            node.GetString(DynAttributes.MetricName) ?? MetricKinds.None,
            node.GetInt(DynAttributes.StateBitsName) ?? 0,
            node.GetInt(DynAttributes.StateDimName) ?? 0,
            node.GetInt(DynAttributes.HeadsName) ?? 0,
            node.GetInt(DynAttributes.ShiftsName) ?? 0,
            node.GetInt(DynAttributes.WidthName) ?? 0,
            node.GetString(DynAttributes.StorageName) ?? StorageKinds.Packed,
            node.GetInt(DynAttributes.GroupWidthName) ?? 0,
            node.GetInts(DynAttributes.BandBitsName),
            node.GetInts(DynAttributes.BandTapsName));
    }

    private static Dictionary<DynInput, ConstantTensor> Constants(KernelInfo node)
    {
        Dictionary<DynInput, ConstantTensor> constants = [];
        for (DynInput input = DynInput.Codes; input <= DynInput.SparseValues; input++)
        {
            if (!node.HasInput((int)input))
            {
                continue;
            }

            ConstantInput constant = node.GetConstantInput((int)input)
                ?? throw new DynFormatException(
                    $"input {DynWeightReader.Name(input)} is not constant; every input but x must be an initializer");
            constants.Add(
                input,
                new ConstantTensor(
                    (int)constant.View.Type, constant.Shape, HostMemory.Of(constant, DynWeightReader.Name(input))));
        }

        return constants;
    }

    private static DynFormatException Missing(string attribute) => new($"attribute {attribute} is missing");
}

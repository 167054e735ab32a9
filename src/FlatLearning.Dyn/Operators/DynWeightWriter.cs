using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// Turns a weight into the attributes and constant inputs of its node: the inverse of <see cref="DynWeightReader"/>,
/// bit for bit.
/// </summary>
public static class DynWeightWriter
{
    /// <summary>Writes a weight. Packed blobs are the weight's own bytes, not copied.</summary>
    public static DynNode Write(DynWeight weight)
    {
        SortedDictionary<DynInput, ConstantTensor> inputs = [];
        if (weight.Find<EntropyCodes>()?.Stream is { } stream)
        {
            inputs.Add(DynInput.Codes, new ConstantTensor(ConstantTensor.UInt8, [stream.ByteLength], stream.Bytes));
        }
        else
        {
            UniformCodes? codes = weight.Find<UniformCodes>();
            Add(inputs, DynInput.Codes, codes?.Codes);
            Add(inputs, DynInput.Codebook, codes?.Codebook.Table);
            if (weight.Find<MixedCodes>()?.Bands is { } bands)
            {
                BandWriter.Write(inputs, bands);
            }

            Add(inputs, DynInput.RowScale, weight.RowScale);
            Add(inputs, DynInput.ColumnScale, weight.ColumnScale);
        }

        Metric? metric = weight.Find<MetricTerm>()?.Metric;
        Add(inputs, DynInput.RowStates, metric?.States.Rows);
        Add(inputs, DynInput.ColumnStates, metric?.States.Columns);
        Add(inputs, DynInput.StateRange, metric?.States.Range);
        Add(inputs, DynInput.MetricParameters, metric?.Parameters);
        if (weight.Find<SparseTerm>()?.Elements is { } sparse)
        {
            inputs.Add(
                DynInput.SparseGaps,
                new ConstantTensor(
                    sparse.GapBytes == 1 ? ConstantTensor.UInt8 : ConstantTensor.UInt16, [sparse.Count], sparse.Gaps));
            Add(inputs, DynInput.SparseValues, sparse.Values);
        }

        return new DynNode(DynAttributeList.Write(weight.Attributes), inputs);
    }

    private static void Add(SortedDictionary<DynInput, ConstantTensor> inputs, DynInput position, PackedCodes? packed)
    {
        if (packed is not null)
        {
            CodeLayout layout = packed.Layout;
            inputs.Add(
                position,
                new ConstantTensor(
                    ConstantTensor.UInt8, [layout.Groups, layout.Rows, layout.BytesPerRow], packed.Bytes));
        }
    }

    /// <summary>Adds a parameter tensor where there is one.</summary>
    internal static void Add(
        SortedDictionary<DynInput, ConstantTensor> inputs, DynInput position, ParameterTensor? parameters)
    {
        if (parameters is not null)
        {
            (int type, byte[] bytes) = parameters.Type switch
            {
                ParameterType.Log8 =>
                    (ConstantTensor.UInt8, Array.ConvertAll(parameters.Values, value => LogScale.Code(value))),
                ParameterType.Float16 =>
                    (
                        ConstantTensor.Float16,
                        MemoryMarshal.AsBytes<Half>(Array.ConvertAll(parameters.Values, value => (Half)value))
                            .ToArray()),
                _ => (ConstantTensor.Float32, MemoryMarshal.AsBytes<float>(parameters.Values).ToArray()),
            };
            inputs.Add(
                position,
                new ConstantTensor(type, Array.ConvertAll(parameters.Shape, dimension => (long)dimension), bytes));
        }
    }
}

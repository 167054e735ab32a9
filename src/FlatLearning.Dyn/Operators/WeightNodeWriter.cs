using System.Runtime.InteropServices;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Operators;

/// <summary>What terms are written into: the attributes and constant inputs of one node.</summary>
internal sealed class WeightNodeWriter
{
    private readonly Dictionary<string, DynAttribute> _attributes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<WeightInput, ConstantTensor> _inputs = [];

    /// <summary>Adds an int.</summary>
    public void Add(DynAttributeSpec spec, long value) => Add(DynAttribute.Int(spec.Name, value));

    /// <summary>Adds ints.</summary>
    public void Add(DynAttributeSpec spec, IEnumerable<long> values) => Add(DynAttribute.Ints(spec.Name, [.. values]));

    /// <summary>Adds a string.</summary>
    public void Add(DynAttributeSpec spec, string value) => Add(DynAttribute.String(spec.Name, value));

    /// <summary>Adds a tensor.</summary>
    public void Add(WeightInput input, ConstantTensor tensor) => _inputs.Add(input, tensor);

    /// <summary>Adds bytes as they are, of rank 1.</summary>
    public void Add(WeightInput input, ReadOnlyMemory<byte> bytes) =>
        Add(input, new ConstantTensor(TensorType.UInt8, [bytes.Length], bytes));

    /// <summary>Adds a packed matrix; its bytes are not copied.</summary>
    public void Add(WeightInput input, PackedCodes packed)
    {
        CodeLayout layout = packed.Layout;
        Add(
            input,
            new ConstantTensor(TensorType.UInt8, [layout.Groups, layout.Rows, layout.BytesPerRow], packed.Bytes));
    }

    /// <summary>Adds a parameter tensor where there is one.</summary>
    public void Add(WeightInput input, ParameterTensor? parameters)
    {
        if (parameters is null)
        {
            return;
        }

        float[] values = parameters.Values;
        (TensorType type, byte[] bytes) = parameters.Type switch
        {
            ParameterType.Log8 => (TensorType.UInt8, Array.ConvertAll(values, value => LogScale.Code(value))),
            ParameterType.Float16 =>
                (
                    TensorType.Float16,
                    MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value)).ToArray()),
            _ => (TensorType.Float32, MemoryMarshal.AsBytes<float>(values).ToArray()),
        };
        Add(input, new ConstantTensor(type, Array.ConvertAll(parameters.Shape, dimension => (long)dimension), bytes));
    }

    /// <summary>
    /// The node: attributes in the order of the specification. Those with their default value are left out, since a
    /// model may have hundreds of nodes; required ones never are.
    /// </summary>
    public DynNode Finish()
    {
        List<DynAttribute> written = [];
        foreach (DynAttributeSpec spec in WeightSchema.Attributes)
        {
            DynAttribute value = _attributes.GetValueOrDefault(spec.Name) ?? spec.Absent;
            if (spec.IsRequired || !value.HasValueOf(spec.Absent))
            {
                written.Add(value);
            }
        }

        return new DynNode(written, _inputs);
    }

    private void Add(DynAttribute attribute) => _attributes.Add(attribute.Name, attribute);
}

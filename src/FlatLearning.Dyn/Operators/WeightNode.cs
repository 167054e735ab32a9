using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Numerics;

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// What terms are read from: the attributes and constant inputs of one node, which may hold anything, with the checks
/// and sentences that all kinds of terms share. Blobs are not copied.
/// </summary>
internal sealed class WeightNode
{
    private readonly Dictionary<string, DynAttribute> _attributes = new(StringComparer.Ordinal);
    private readonly Func<WeightInput, ConstantTensor?> _input;

    /// <summary>Checks what belongs to no term.</summary>
    public WeightNode(
        IEnumerable<DynAttribute> attributes, Func<WeightInput, ConstantTensor?> input, IWorkers? workers)
    {
        (_input, Workers) = (input, workers);
        foreach (DynAttribute attribute in attributes)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute))
            {
                throw new DynFormatException($"attribute {attribute.Name} is there twice");
            }
        }

        foreach (DynAttributeSpec spec in WeightSchema.Attributes)
        {
            CheckType(spec);
        }

        IReadOnlyList<long> shape = Ints(WeightSchema.Shape);
        if (shape.Count != 2)
        {
            throw new DynFormatException(
                $"attribute {WeightSchema.Shape.Name} has {shape.Count} numbers, expected 2: K and N");
        }

        Int(WeightSchema.SchemaVersion, DynOperator.SchemaVersion, DynOperator.SchemaVersion);
        Rows = (int)Range(shape[0], 1, int.MaxValue, "shape[0]");
        Columns = (int)Range(shape[1], 1, int.MaxValue, "shape[1]");
        Range(shape[0] * shape[1], 1, DynWeight.MaxElements - 1, "shape[0] * shape[1]");
        if (Storage is not (StorageKinds.Packed or StorageKinds.Entropy))
        {
            throw new DynFormatException(
                $"attribute storage is {Storage}, expected {StorageKinds.Packed} or {StorageKinds.Entropy}");
        }
    }

    /// <summary>The threads to decode on; null for the caller's alone.</summary>
    public IWorkers? Workers { get; }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>Attribute <c>storage</c>.</summary>
    public string Storage => Text(WeightSchema.Storage);

    /// <summary>The terms that were read so far.</summary>
    public List<WeightTerm> Terms { get; } = [];

    /// <summary>An int, as it stands or as its default.</summary>
    public long Int(DynAttributeSpec spec) => Value(spec).Integers[0];

    /// <summary>An int within a range.</summary>
    public int Int(DynAttributeSpec spec, long min, long max) => (int)Range(Int(spec), min, max, spec.Name);

    /// <summary>Ints, as they stand; empty where they are missing.</summary>
    public IReadOnlyList<long> Ints(DynAttributeSpec spec) => Value(spec).Integers;

    /// <summary>A string, as it stands or as its default.</summary>
    public string Text(DynAttributeSpec spec) => Value(spec).Text;

    /// <summary>The number, or a sentence that names it.</summary>
    public static long Range(long value, long min, long max, string name)
    {
        if (value < min || value > max)
        {
            string expected = min == max ? $"{min}" : $"{min} to {max}";
            throw new DynFormatException($"attribute {name} is {value}, expected {expected}");
        }

        return value;
    }

    /// <summary>A constant that must be there.</summary>
    public ConstantTensor Constant(WeightInput input) =>
        _input(input) ?? throw new DynFormatException($"input {input.Name()} is missing or not constant");

    /// <summary>Whole numbers that must be there, of one of two element types.</summary>
    public ConstantTensor WholeNumbers(WeightInput input, TensorType narrow, TensorType wide)
    {
        ConstantTensor tensor = Constant(input);
        return tensor.ElementType == narrow || tensor.ElementType == wide
            ? tensor
            : throw new DynFormatException(
                $"input {input.Name()} has element type {tensor.ElementType.Name()}, expected {narrow.Name()} or "
                    + wide.Name());
    }

    /// <summary>Bytes of rank 1 that must be there.</summary>
    public ReadOnlyMemory<byte> Bytes(WeightInput input)
    {
        ConstantTensor tensor = Constant(input);
        if (tensor.ElementType != TensorType.UInt8
            || tensor.Shape.Length != 1
            || tensor.Shape[0] != tensor.Bytes.Length)
        {
            throw new DynFormatException(
                $"input {input.Name()} has element type {tensor.ElementType.Name()}, shape "
                    + $"[{string.Join(", ", tensor.Shape)}] and {tensor.Bytes.Length} bytes, expected uint8 "
                    + "of rank 1");
        }

        return tensor.Bytes;
    }

    /// <summary>A packed matrix of codes that must be there.</summary>
    public PackedCodes Packed(WeightInput input, int rows, int columns, int bits)
    {
        ConstantTensor tensor = Constant(input);
        if (tensor.ElementType != TensorType.UInt8)
        {
            throw new DynFormatException(
                $"input {input.Name()} has element type {tensor.ElementType.Name()}, expected uint8");
        }

        return new PackedCodes(
            CodeLayout.FromShape(tensor.Shape, rows, columns, bits, $"input {input.Name()}"), tensor.Bytes);
    }

    /// <summary>A parameter tensor that must be there.</summary>
    public ParameterTensor Parameters(WeightInput input) => ParameterReader.Read(Constant(input), input);

    /// <summary>A parameter tensor, or null.</summary>
    public ParameterTensor? OptionalParameters(WeightInput input) =>
        _input(input) is { } tensor ? ParameterReader.Read(tensor, input) : null;

    /// <summary>Refuses inputs that have no meaning here.</summary>
    /// <param name="reason">Why not, to follow "is present although".</param>
    /// <param name="inputs">The inputs.</param>
    public void RequireAbsent(string reason, params ReadOnlySpan<WeightInput> inputs)
    {
        foreach (WeightInput input in inputs)
        {
            if (_input(input) is not null)
            {
                throw new DynFormatException($"input {input.Name()} is present although {reason}");
            }
        }
    }

    private DynAttribute Value(DynAttributeSpec spec) => _attributes.GetValueOrDefault(spec.Name) ?? spec.Absent;

    private void CheckType(DynAttributeSpec spec)
    {
        if (!_attributes.TryGetValue(spec.Name, out DynAttribute? attribute))
        {
            if (spec.IsRequired)
            {
                throw new DynFormatException($"attribute {spec.Name} is missing");
            }

            return;
        }

        if (attribute.Type != spec.Type)
        {
            throw new DynFormatException(
                $"attribute {spec.Name} is {attribute.Type.Words()}, expected {spec.Type.Words()}");
        }
    }
}

using FlatLearning.Fitting.Blocks;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Standard;

/// <summary>A weight in blocks, and what is needed to store it.</summary>
/// <param name="Shape">How it lies.</param>
/// <param name="Codes">Its blocks.</param>
/// <param name="Scales">How their scales are stored.</param>
/// <param name="ElementType">Element type at its nodes.</param>
internal sealed record StandardWeight(
    StandardShape Shape, BlockCodes Codes, ScaleType Scales, DataType ElementType)
{
    /// <summary>What reports call blocks.</summary>
    public const string Storage = "blocks";

    /// <summary>As tables and summaries say it.</summary>
    public string Description => $"{OpType} {Codes.Format}";

    private BlockFormat Format => Codes.Format;

    private string OpType => Shape.Kind switch
    {
        StandardKind.Product => "MatMulNBits",
        StandardKind.Lookup => "GatherBlockQuantized",
        _ => "DequantizeLinear",
    };

    /// <summary>The weight under names of its own.</summary>
    /// <param name="name">Name of the constant that it replaces.</param>
    /// <param name="names">Fresh names.</param>
    public StoredWeight Store(string name, NameAllocator names)
    {
        List<TensorProto> tensors = [CodesTensor(names.Unique($"{name}.codes"))];
        List<NodeProto> before = [];
        DataType scaleType = Scales == ScaleType.Float16 ? DataType.Float16 : DataType.Float;
        string scales = names.Unique($"{name}.scales");
        tensors.Add(TensorWriter.Real(
            scales, scaleType, Shape.Tensor is null ? Shape.DimsOfScales(Codes) : [Codes.Scales.Length],
            Shape.InOrder(Codes.Scales, Codes)));
        if (scaleType != ElementType)
        {
            // ONNX Runtime computes this once, when it creates the session.
            string wide = names.Unique($"{scales}_cast");
            NodeProto cast = NodeFactory.Create("Cast", wide, [scales], wide);
            cast.Attribute.Add(NodeFactory.Int("to", (long)ElementType));
            before.Add(cast);
            scales = wide;
        }

        List<string> inputs = [tensors[0].Name, scales];
        if (Codes.PackZeroPoints() is { } zeros)
        {
            tensors.Add(
                TensorWriter.UInt8(
                    names.Unique($"{name}.zeros"), [Codes.Columns, zeros.Length / Codes.Columns], zeros));
            inputs.Add(tensors[^1].Name);
        }

        bool isBlocked = Shape is { Kind: StandardKind.Dense, Tensor: null };
        StandardParts parts = new(
            OpType, isBlocked ? string.Empty : NodeNames.RuntimeDomain, inputs, [.. Attributes()], before);
        if (Shape.Tensor is { } dims)
        {
            // Without blocks in the operator, every block is a row with a scale of its own.
            string shape = names.Unique($"{name}.shape");
            tensors.Add(TensorWriter.Int64(shape, [dims.Length], dims));
            string rows = names.Unique($"{name}.rows");
            parts = new StandardParts(
                "Reshape", string.Empty, [rows, shape], [], [.. before, parts.Dense(rows, rows)]);
        }

        return new StoredWeight([], [], tensors, 0) { Standard = parts };
    }

    private TensorProto CodesTensor(string name)
    {
        if (Shape.Kind == StandardKind.Product)
        {
            return TensorWriter.UInt8(
                name, [Codes.Columns, Codes.Blocks, Format.Size * Format.Bits / 8], Codes.PackPadded());
        }

        if (Shape.Kind == StandardKind.Lookup && Format.Bits == 8)
        {
            // Its bytes are unsigned around 128.
            return TensorWriter.UInt8(name, Shape.Dims, Codes.Codes);
        }

        sbyte[] signed = Shape.InOrder(
            Array.ConvertAll(Codes.Codes, code => (sbyte)(code - Format.Middle)), Codes, perRow: true);
        if (Format.Bits == 8)
        {
            return TensorWriter.Raw(name, DataType.Int8, Shape.Dims, Array.ConvertAll(signed, code => (byte)code));
        }

        byte[] packed = new byte[(signed.Length + 1) / 2];
        for (int i = 0; i < signed.Length; i++)
        {
            packed[i / 2] |= (byte)((signed[i] & 15) << (4 * (i % 2)));
        }

        return TensorWriter.Raw(name, DataType.Int4, Shape.Dims, packed);
    }

    private IEnumerable<AttributeProto> Attributes()
    {
        switch (Shape.Kind)
        {
            case StandardKind.Product:
                yield return NodeFactory.Int("K", Codes.Rows);
                yield return NodeFactory.Int("N", Codes.Columns);
                yield return NodeFactory.Int("bits", Format.Bits);
                break;
            case StandardKind.Lookup:
                yield return NodeFactory.Int("gather_axis", 0);
                yield return NodeFactory.Int("quantize_axis", Shape.Axis);
                if (Format.Bits == 8)
                {
                    yield return NodeFactory.Int("bits", 8);
                }

                break;
            case StandardKind.Dense when Shape.Tensor is not null:
                yield return NodeFactory.Int("axis", 0);
                yield break;
            default:
                yield return NodeFactory.Int("axis", Shape.Axis);
                break;
        }

        yield return NodeFactory.Int("block_size", Format.Size);
    }
}

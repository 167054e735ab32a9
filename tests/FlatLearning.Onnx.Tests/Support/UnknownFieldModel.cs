using Google.Protobuf;

namespace FlatLearning.Onnx.Tests.Support;

/// <summary>
/// A model written field by field, with a field of number 1999 that no ONNX version has in each of its messages. Built
/// from wire types only, so the transcription under test has no say in it.
/// </summary>
internal static class UnknownFieldModel
{
    private const int MarkField = 1999;
    private static readonly byte[] Mark = "kept-through-load-and-save"u8.ToArray();

    /// <summary>The file's bytes.</summary>
    /// <param name="inserted">How many unknown fields they carry.</param>
    public static byte[] Build(out int inserted)
    {
        int count = 0;
        byte[] entry = Message(Bytes(1, "key"u8), Bytes(2, "value"u8));
        byte[] dimension = Message(Number(1, 2), Bytes(3, "N"u8));
        byte[] shape = Message(Bytes(1, dimension));
        byte[] tensorType = Message(Number(1, 1), Bytes(2, shape));
        byte[] type = Message(Bytes(1, tensorType), Bytes(6, "denoted"u8));
        byte[] tensor = Message(Number(1, 2), Number(2, 1), Bytes(8, "w"u8), Bytes(9, new byte[8]), Bytes(16, entry));
        byte[] sparse = Message(Bytes(1, tensor), Number(3, 2));
        byte[] inner = Message(Bytes(2, "inner"u8), Bytes(5, tensor));
        byte[] attribute = Message(Bytes(1, "body"u8), Bytes(6, inner), Number(20, 5));
        byte[] simple = Message(Number(1, 2), Number(3, 2));
        byte[] sharded = Message(Number(1, 0), Bytes(2, simple));
        byte[] spec = Message(Bytes(1, "w"u8), Number(2, 0), Bytes(4, sharded));
        byte[] placement = Message(Bytes(1, "conf"u8), Bytes(2, spec), Number(3, 1));
        byte[] node = Message(
            Bytes(1, "x"u8), Bytes(2, "y"u8), Bytes(4, "Custom"u8), Bytes(5, attribute), Bytes(8, "v"u8),
            Bytes(9, entry), Bytes(10, placement));
        byte[] value = Message(Bytes(1, "x"u8), Bytes(2, type), Bytes(4, entry));
        byte[] annotation = Message(Bytes(1, "w"u8), Bytes(2, entry));
        byte[] graph = Message(
            Bytes(1, node), Bytes(2, "g"u8), Bytes(5, tensor), Bytes(11, value), Bytes(12, value),
            Bytes(14, annotation), Bytes(15, sparse), Bytes(16, entry));
        byte[] opset = Message(Number(2, 17));
        byte[] function = Message(
            Bytes(1, "f"u8), Bytes(4, "a"u8), Bytes(7, node), Bytes(9, opset), Bytes(10, "d"u8), Bytes(11, attribute),
            Bytes(13, "v"u8), Bytes(14, entry));
        byte[] training = Message(Bytes(1, graph), Bytes(3, entry));
        byte[] device = Message(Bytes(1, "conf"u8), Number(2, 2), Bytes(3, "cpu"u8));
        byte[] model = Message(
            Number(1, 13), Bytes(2, "hand"u8), Bytes(7, graph), Bytes(8, opset), Bytes(14, entry), Bytes(20, training),
            Bytes(25, function), Bytes(26, device));
        inserted = CountMarks(model);
        return model;

        byte[] Message(params byte[][] fields)
        {
            count++;
            return [
                .. fields.SelectMany(field => field),
                .. Bytes(MarkField, Mark),
                .. Number(MarkField + 1, (ulong)count)];
        }
    }

    /// <summary>How often the unknown field's text occurs.</summary>
    public static int CountMarks(ReadOnlySpan<byte> bytes) => bytes.Count(Mark);

    private static byte[] Number(int field, ulong value) => Write(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteUInt64(value);
    });

    private static byte[] Bytes(int field, ReadOnlySpan<byte> value)
    {
        ByteString content = ByteString.CopyFrom(value);
        return Write(output =>
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(content);
        });
    }

    private static byte[] Write(Action<CodedOutputStream> write)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream))
        {
            write(output);
        }

        return stream.ToArray();
    }
}

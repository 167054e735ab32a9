using System.Text;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// Writes protobuf fields by number: all that these tests need of the ONNX format, independent of the product's own
/// classes.
/// </summary>
internal sealed class WireWriter
{
    private readonly MemoryStream _stream = new();

    public byte[] ToArray() => _stream.ToArray();

    public WireWriter Int(int field, long value)
    {
        Varint(((ulong)field << 3) | 0);
        Varint((ulong)value);
        return this;
    }

    public WireWriter Float(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        _stream.Write(BitConverter.GetBytes(value));
        return this;
    }

    public WireWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _stream.Write(value);
        return this;
    }

    public WireWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public WireWriter Message(int field, WireWriter value) => Bytes(field, value.ToArray());

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _stream.WriteByte((byte)(value | 0x80));
        }

        _stream.WriteByte((byte)value);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FlatLearning.Onnx.Tests.Support;

/// <summary>
/// A protobuf message as its wire format shows it, without any schema: the fields of each message sorted by number, in
/// their order within a number. Two files with the same description say the same, whatever a reader knows. A
/// length-delimited field is described as a message where it parses as one and by its hash otherwise; both files are
/// guessed alike, so nothing depends on the guess. A file whose writer packs fields that this transcription writes
/// unpacked would differ; none of the files used here does.
/// </summary>
internal static class WireFields
{
    private const int Depth = 40;

    public static string Describe(byte[] message)
    {
        StringBuilder text = new();
        Assert.True(TryDescribe(message, text, 0), "the bytes are no protobuf message");
        return text.ToString();
    }

    private static bool TryDescribe(ReadOnlySpan<byte> message, StringBuilder text, int depth)
    {
        List<(ulong Number, string Value)> fields = [];
        int position = 0;
        while (position < message.Length)
        {
            if (!TryVarint(message, ref position, out ulong tag) || tag >> 3 is 0 or > 536870911)
            {
                return false;
            }

            switch (tag & 7)
            {
                case 0 when TryVarint(message, ref position, out ulong value):
                    fields.Add((tag >> 3, value.ToString()));
                    break;
                case 1 when position + 8 <= message.Length:
                    fields.Add((tag >> 3, "d" + BinaryPrimitives.ReadUInt64LittleEndian(message[position..])));
                    position += 8;
                    break;
                case 5 when position + 4 <= message.Length:
                    fields.Add((tag >> 3, "w" + BinaryPrimitives.ReadUInt32LittleEndian(message[position..])));
                    position += 4;
                    break;
                case 2 when TryVarint(message, ref position, out ulong length)
                    && length <= (ulong)(message.Length - position):
                    fields.Add((tag >> 3, DescribeBytes(message.Slice(position, (int)length), depth)));
                    position += (int)length;
                    break;
                default:
                    return false;
            }
        }

        foreach (IGrouping<ulong, (ulong Number, string Value)> group in fields.GroupBy(field => field.Number)
            .OrderBy(group => group.Key))
        {
            text.Append(group.Key).Append(':').AppendJoin(',', group.Select(field => field.Value)).Append('\n');
        }

        return true;
    }

    private static string DescribeBytes(ReadOnlySpan<byte> bytes, int depth)
    {
        StringBuilder inner = new();
        if (depth < Depth && bytes.Length > 0 && TryDescribe(bytes, inner, depth + 1))
        {
            return "{" + inner + "}";
        }

        return Convert.ToHexString(SHA256.HashData(bytes));
    }

    private static bool TryVarint(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && position < bytes.Length; shift += 7)
        {
            byte part = bytes[position++];
            value |= shift < 64 ? (ulong)(part & 0x7f) << shift : 0;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}

namespace FlatLearning.Onnx.Wire;

/// <summary>Numbers of protobuf's wire format: seven bits a byte, the lowest first.</summary>
internal static class Varint
{
    /// <summary>Reads one; false where the bytes end before it does.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && position < bytes.Length; shift += 7)
        {
            byte part = bytes[position++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Skips the value of a field that has no length of its own in front; the borders of a group are nothing to skip.
    /// </summary>
    public static bool TrySkip(ReadOnlySpan<byte> bytes, ref int position, int wireType)
    {
        int length = wireType switch
        {
            1 => 8,
            5 => 4,
            _ => 0,
        };
        position += length;
        return wireType == 0 ? TryRead(bytes, ref position, out _) : wireType < 6 && position <= bytes.Length;
    }

    /// <summary>The bytes of a number.</summary>
    public static byte[] Of(ulong value)
    {
        List<byte> bytes = [];
        while (value >= 0x80)
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}

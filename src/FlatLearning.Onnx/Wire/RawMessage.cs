using Google.Protobuf;

namespace FlatLearning.Onnx.Wire;

/// <summary>Parses and writes messages whose text fields may hold any bytes; see <see cref="RawText"/>.</summary>
internal static class RawMessage
{
    /// <summary>Parses a message.</summary>
    /// <param name="parser">The message's parser.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="hasRawText">Whether any of its texts is not the UTF-8 of its bytes.</param>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no such message, or it is too large with its
    /// texts in memory.</exception>
    public static T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes, out bool hasRawText)
        where T : class, IMessage<T>, new()
    {
        WireEdits edits = MessageStrings.Edits(
            new T().Descriptor,
            bytes,
            content => RawText.IsNeeded(content) ? System.Text.Encoding.UTF8.GetBytes(RawText.Of(content)) : null);
        hasRawText = edits.Count > 0;
        return hasRawText ? parser.ParseFrom(Apply(edits, bytes)) : parser.ParseFrom(bytes);
    }

    /// <summary>Bytes of a message with raw text.</summary>
    public static byte[] ToBytes(IMessage message)
    {
        byte[] bytes = message.ToByteArray();
        return Apply(Edits(message, bytes), bytes);
    }

    /// <summary>Number of a message's bytes.</summary>
    /// <param name="message">The message.</param>
    /// <param name="hasRawText">Whether it may have raw text, which takes longer to find out than to be told.</param>
    public static long SizeOf(IMessage message, bool hasRawText)
    {
        if (!hasRawText)
        {
            return message.CalculateSize();
        }

        byte[] bytes = message.ToByteArray();
        return bytes.Length + Edits(message, bytes).Growth;
    }

    private static WireEdits Edits(IMessage message, ReadOnlySpan<byte> bytes) => MessageStrings.Edits(
        message.Descriptor,
        bytes,
        content =>
        {
            byte[] raw = RawText.BytesOf(System.Text.Encoding.UTF8.GetString(content));
            return content.SequenceEqual(raw) ? null : raw;
        });

    private static byte[] Apply(WireEdits edits, ReadOnlySpan<byte> bytes)
    {
        byte[] changed = new byte[checked(bytes.Length + (int)edits.Growth)];
        int position = 0;
        edits.Write(bytes, part =>
        {
            part.CopyTo(changed.AsSpan(position));
            position += part.Length;
        });
        return changed;
    }
}

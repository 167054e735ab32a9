using System.Collections.Concurrent;
using Google.Protobuf.Reflection;

namespace FlatLearning.Onnx.Wire;

/// <summary>
/// Finds the text fields in the bytes of a message, however deep, without parsing it: text that is not UTF-8 is what
/// the parser refuses.
/// </summary>
internal static class MessageStrings
{
    // The parser's own limit; deeper messages are refused there.
    private const int MaxDepth = 100;
    private const int LengthDelimited = 2;
    private static readonly ConcurrentDictionary<MessageDescriptor, Dictionary<int, FieldDescriptor>> Known = new();

    /// <summary>New content for a text field, or null where it stays.</summary>
    public delegate byte[]? Change(ReadOnlySpan<byte> content);

    /// <summary>What has to be changed in the bytes; nothing where they are no such message.</summary>
    public static WireEdits Edits(MessageDescriptor descriptor, ReadOnlySpan<byte> message, Change change)
    {
        WireEdits edits = new();
        if (!TryWalk(descriptor, message, 0, message.Length, change, edits, 0, out _))
        {
            edits.Truncate(0);
        }

        return edits;
    }

    private static bool TryWalk(
        MessageDescriptor descriptor, ReadOnlySpan<byte> message, int begin, int end, Change change, WireEdits edits,
        int depth, out long growth)
    {
        growth = 0;
        Dictionary<int, FieldDescriptor> fields = Known.GetOrAdd(descriptor, Relevant);
        int position = begin;
        while (position < end)
        {
            if (!Varint.TryRead(message[..end], ref position, out ulong tag))
            {
                return false;
            }

            int prefix = position;
            if ((tag & 7) != LengthDelimited)
            {
                if (!Varint.TrySkip(message[..end], ref position, (int)(tag & 7)))
                {
                    return false;
                }

                continue;
            }

            if (!Varint.TryRead(message[..end], ref position, out ulong count) || count > (ulong)(end - position))
            {
                return false;
            }

            int content = position;
            int length = (int)count;
            position += length;
            if (tag >> 3 > int.MaxValue || !fields.TryGetValue((int)(tag >> 3), out FieldDescriptor? field))
            {
                continue;
            }

            int first = edits.Count;
            edits.Add(prefix, content - prefix, []);
            long grown = 0;
            if (field.FieldType == FieldType.String)
            {
                if (change(message.Slice(content, length)) is { } changed)
                {
                    edits.Add(content, length, changed);
                    grown = changed.Length - length;
                }
            }
            else if (depth < MaxDepth
                && !TryWalk(field.MessageType, message, content, position, change, edits, depth + 1, out grown))
            {
                return false;
            }

            if (edits.Count == first + 1)
            {
                edits.Truncate(first);
                continue;
            }

            byte[] newPrefix = Varint.Of((ulong)(length + grown));
            edits.Set(first, prefix, content - prefix, newPrefix);
            growth += grown + newPrefix.Length - (content - prefix);
        }

        return true;
    }

    private static Dictionary<int, FieldDescriptor> Relevant(MessageDescriptor descriptor) =>
        descriptor.Fields.InDeclarationOrder()
            .Where(field => field.FieldType is FieldType.String or FieldType.Message)
            .ToDictionary(field => field.FieldNumber);
}

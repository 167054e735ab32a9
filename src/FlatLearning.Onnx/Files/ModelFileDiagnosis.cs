using System.Text;
using FlatLearning.Onnx.Wire;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// Finds the plainest true sentence about bytes that did not parse as a model: cut short, another kind of file, or
/// damaged.
/// </summary>
internal static class ModelFileDiagnosis
{
    private const int GraphField = 7;
    private const int HighestKnownField = 26;

    /// <summary>The exception to throw for these bytes.</summary>
    /// <param name="path">The file, for the sentence.</param>
    /// <param name="bytes">All of its bytes.</param>
    /// <param name="parseError">What the protobuf parser said, or null where it was content.</param>
    public static OnnxModelException Explain(string path, ReadOnlySpan<byte> bytes, Exception? parseError)
    {
        if (KindOf(bytes) is { } kind)
        {
            return new OnnxModelException(Messages.FileNotOnnx(path, kind));
        }

        bool sawModelField = false;
        int position = 0;
        while (position < bytes.Length)
        {
            if (!Varint.TryRead(bytes, ref position, out ulong tag))
            {
                break;
            }

            ulong field = tag >> 3;
            if (field is 0 or > HighestKnownField && !sawModelField)
            {
                return new OnnxModelException(
                    Messages.FileNotOnnx(path, "its bytes are no protobuf message of a model"));
            }

            sawModelField |= field is >= 1 and <= 8;
            if (!TrySkip(bytes, ref position, (int)(tag & 7), out long needed))
            {
                return needed > bytes.Length && sawModelField
                    ? new OnnxModelException(Messages.FileTruncated(path, bytes.Length, needed))
                    : new OnnxModelException(
                        Messages.FileNotOnnx(path, "its bytes are no protobuf message of a model"));
            }
        }

        return parseError is null
            ? new OnnxModelException(Messages.FileNoGraph(path))
            : new OnnxModelException(
                Messages.FileDamaged(path, "a part of it is no valid protobuf message"), parseError);
    }

    /// <summary>True where the top-level fields have a graph: bytes that do not are not worth parsing.</summary>
    public static bool HasGraph(ReadOnlySpan<byte> bytes)
    {
        int position = 0;
        while (position < bytes.Length && Varint.TryRead(bytes, ref position, out ulong tag))
        {
            if (tag == ((GraphField << 3) | 2))
            {
                return true;
            }

            if (!TrySkip(bytes, ref position, (int)(tag & 7), out _))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>What another format's first bytes say, as the end of "is not an ONNX model: ...", or null.</summary>
    private static string? KindOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("PK\u0003\u0004"u8))
        {
            return "it is a zip archive (or a PyTorch or Keras file), to be unpacked or exported first";
        }

        if (bytes.StartsWith("version https://git-lfs"u8))
        {
            return "it is a Git LFS pointer, whose real file was never fetched";
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
        {
            return "it is an HDF5 file";
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            return "it is gzip-compressed, to be unpacked first";
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']))
        {
            return "it is a NumPy array";
        }

        if (bytes.Length > 8 && (bytes[4..].StartsWith("TFL3"u8) || bytes[4..].StartsWith("ORTM"u8)))
        {
            return bytes[4] == (byte)'T'
                ? "it is a TensorFlow Lite model"
                : "it is a model in ONNX Runtime's own ORT format";
        }

        return IsText(bytes[..Math.Min(bytes.Length, 512)]) ? "it is a text file" : null;
    }

    /// <summary>
    /// Printable ASCII or UTF-8 with line breaks only; a model's first bytes always hold a control character.
    /// </summary>
    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (byte value in head)
        {
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return false;
            }
        }

        // The cut after 512 bytes may fall inside a character, which the replacement decoder answers with at most one
        // U+FFFD.
        return Encoding.UTF8.GetString(head).Count(character => character == '\uFFFD') <= 1;
    }

    private static bool TrySkip(ReadOnlySpan<byte> bytes, ref int position, int wireType, out long needed)
    {
        needed = 0;
        ulong length;
        switch (wireType)
        {
            case 0:
                return Varint.TryRead(bytes, ref position, out _);
            case 1:
                length = 8;
                break;
            case 2 when Varint.TryRead(bytes, ref position, out length):
                break;
            case 5:
                length = 4;
                break;
            default:
                return false;
        }

        if (length > int.MaxValue)
        {
            return false;
        }

        needed = position + (long)length;
        if (needed > bytes.Length)
        {
            return false;
        }

        position = (int)needed;
        return true;
    }
}

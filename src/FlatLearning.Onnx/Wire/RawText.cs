using System.Buffers;
using System.Text;

namespace FlatLearning.Onnx.Wire;

/// <summary>
/// Names of ONNX files are bytes: hosts compare them as such, and files with names in older encodings run. In memory
/// they are text; each byte that is no part of valid UTF-8 becomes a character of its own, at the end of the last
/// private plane, and such a character in the file is taken apart into its bytes, so that every sequence of bytes has
/// one text and every text that was read gives its bytes back.
/// </summary>
internal static class RawText
{
    private const int Base = 0x10fe00;
    private const int First = Base + 0x80;
    private const int Last = Base + 0xff;

    // Every escape begins with it; hardly any other character does.
    private const char HighSurrogate = '\udbff';

    /// <summary>Whether some bytes need a text other than their UTF-8.</summary>
    public static bool IsNeeded(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int ascii = bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7f);
            if (ascii < 0)
            {
                return false;
            }

            bytes = bytes[ascii..];
            if (!TryDecode(bytes, out _, out int consumed))
            {
                return true;
            }

            bytes = bytes[consumed..];
        }

        return false;
    }

    /// <summary>The text of some bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (TryDecode(bytes, out Rune rune, out int consumed))
            {
                text.Append(rune);
            }
            else
            {
                foreach (byte value in bytes[..consumed])
                {
                    text.Append(new Rune(Base + value));
                }
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text.</summary>
    public static byte[] BytesOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains(HighSurrogate, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        ArrayBufferWriter<byte> bytes = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsEscape(rune))
            {
                bytes.GetSpan(1)[0] = (byte)(rune.Value - Base);
                bytes.Advance(1);
            }
            else
            {
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            }
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>
    /// A text as it can be shown: what is not valid UTF-8 is replaced, as every reader of UTF-8 does. ONNX Runtime's
    /// .NET interface calls inputs and outputs so, too.
    /// </summary>
    public static string Shown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(HighSurrogate, StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(BytesOf(text))
            : text;
    }

    /// <summary>The first character, or that no text stands for the bytes that come first and how many these
    /// are.</summary>
    private static bool TryDecode(ReadOnlySpan<byte> bytes, out Rune rune, out int consumed) =>
        Rune.DecodeFromUtf8(bytes, out rune, out consumed) == OperationStatus.Done && !IsEscape(rune);

    private static bool IsEscape(Rune rune) => rune.Value is >= First and <= Last;
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Numpy;

/// <summary>
/// The header of a .npy file: magic bytes, version, the length of the text (2 bytes in version 1, 4 in versions 2 and
/// 3), and a Python dictionary of <c>descr</c>, <c>fortran_order</c> and <c>shape</c>, padded with spaces so that the
/// elements are aligned to 64 bytes.
/// </summary>
/// <param name="Type">Element type; undefined for text, objects, records and big-endian numbers.</param>
/// <param name="Descr">The type as the file names it.</param>
/// <param name="IsFortranOrder">True where the first index runs fastest.</param>
/// <param name="Dims">Shape.</param>
internal sealed partial record NpyHeader(DataType Type, string Descr, bool IsFortranOrder, long[] Dims)
{
    private const int Alignment = 64;
    private const int MaximalText = 1 << 16;

    private static readonly (string Descr, DataType Type)[] Types =
    [
        ("<f4", DataType.Float), ("<f2", DataType.Float16), ("<f8", DataType.Double), ("|b1", DataType.Bool),
        ("|i1", DataType.Int8), ("<i2", DataType.Int16), ("<i4", DataType.Int32), ("<i8", DataType.Int64),
        ("|u1", DataType.Uint8), ("<u2", DataType.Uint16), ("<u4", DataType.Uint32), ("<u8", DataType.Uint64),
    ];

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header; the stream is left at the first element.</summary>
    public static NpyHeader Read(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[8];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length
            || !start.StartsWith(Magic))
        {
            throw new OnnxModelException(Messages.NotNpy(path));
        }

        int version = start[6];
        if (version is < 1 or > 3)
        {
            throw new OnnxModelException(Messages.NpyHeader(path, $"has version {version}, and 1 to 3 are known"));
        }

        byte[] length = ReadExactly(stream, path, version == 1 ? 2 : 4);
        long bytes = version == 1 ? BitConverter.ToUInt16(length) : BitConverter.ToUInt32(length);
        if (bytes > MaximalText)
        {
            throw new OnnxModelException(Messages.NpyHeader(path, $"claims {bytes} bytes"));
        }

        return Parse(Encoding.UTF8.GetString(ReadExactly(stream, path, (int)bytes)), path);
    }

    /// <summary>Writes a header of version 1; row-major order.</summary>
    public static void Write(Stream stream, DataType type, ReadOnlySpan<long> dims)
    {
        string descr = Types.FirstOrDefault(known => known.Type == type).Descr
            ?? throw new OnnxModelException(Messages.NpyNoType(ElementTypes.NameOf(type)));
        // A tuple of one number needs its comma.
        string shape = dims.Length == 1 ? $"{dims[0]}," : string.Join(", ", dims.ToArray());
        string text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}";
        int unpadded = Magic.Length + 4 + text.Length + 1;
        text = text.PadRight(text.Length + ((Alignment - (unpadded % Alignment)) % Alignment)) + "\n";
        stream.Write(Magic);
        stream.Write([1, 0, (byte)text.Length, (byte)(text.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(text));
    }

    private static NpyHeader Parse(string text, string path)
    {
        Match descr = DescrEntry().Match(text);
        Match order = FortranOrder().Match(text);
        Match shape = Shape().Match(text);
        if (!text.Contains("'descr'", StringComparison.Ordinal) || !order.Success || !shape.Success)
        {
            throw new OnnxModelException(Messages.NpyHeader(path, "does not name type, order and shape"));
        }

        // One-byte types have no byte order, and "=" is that of the machine; both are written in several ways.
        string name = descr.Success ? descr.Groups[1].Value : "of a record";
        string plain = name.TrimStart('<', '|', '=');
        DataType type = Types.FirstOrDefault(known => known.Descr[1..] == plain).Type;
        string[] parts =
            shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        long[] dims = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out dims[i]))
            {
                throw new OnnxModelException(Messages.NpyHeader(path, $"has the dimension '{parts[i]}'"));
            }
        }

        return new NpyHeader(type, name, order.Groups[1].Value == "True", dims);
    }

    private static byte[] ReadExactly(Stream stream, string path, int count)
    {
        byte[] bytes = new byte[count];
        return stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == count
            ? bytes
            : throw new OnnxModelException(Messages.NpyHeader(path, "is cut short"));
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([^']*)'")]
    private static partial Regex DescrEntry();

    [GeneratedRegex("'fortran_order'\\s*:\\s*(True|False)")]
    private static partial Regex FortranOrder();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([^)]*)\\)")]
    private static partial Regex Shape();
}

using System.Runtime.InteropServices;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tensors;

/// <summary>
/// Turns densely packed little-endian elements into numbers. The destination's length says how many; types of 4 and 2
/// bits start at the lowest bits of the first byte.
/// </summary>
internal static class ElementDecoder
{
    private const int Piece = 1024;

    /// <summary>
    /// Any real type to float32: float64 and wide integers are rounded to the nearest, everything else is exact.
    /// </summary>
    public static void ToSingles(DataType type, ReadOnlySpan<byte> raw, Span<float> destination)
    {
        switch (type)
        {
            case DataType.Float:
                raw[..(destination.Length * 4)].CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case DataType.Float16:
                HalfConversion.ToSingles(MemoryMarshal.Cast<byte, Half>(raw)[..destination.Length], destination);
                break;
            case DataType.Bfloat16:
                HalfConversion.BrainToSingles(MemoryMarshal.Cast<byte, ushort>(raw)[..destination.Length], destination);
                break;
            case DataType.Double:
                Convert(MemoryMarshal.Cast<byte, double>(raw), destination, value => (float)value);
                break;
            case DataType.Float4E2M1:
                ReadOnlySpan<float> nibbles = SmallFloats.Table(type);
                for (int i = 0; i < destination.Length; i++)
                {
                    destination[i] = nibbles[Field(raw, i, 4)];
                }

                break;
            case DataType.Float8E4M3Fn or DataType.Float8E4M3Fnuz or DataType.Float8E5M2 or DataType.Float8E5M2Fnuz
                or DataType.Float8E8M0:
                ReadOnlySpan<float> table = SmallFloats.Table(type);
                for (int i = 0; i < destination.Length; i++)
                {
                    destination[i] = table[raw[i]];
                }

                break;
            case DataType.Uint64:
                Convert(MemoryMarshal.Cast<byte, ulong>(raw), destination, value => (float)value);
                break;
            default:
                Span<long> whole = stackalloc long[Piece];
                for (int start = 0; start < destination.Length; start += Piece)
                {
                    Span<float> part = destination[start..Math.Min(start + Piece, destination.Length)];
                    ToInt64s(type, raw[(int)((long)start * ElementTypes.BitsOf(type) / 8)..], whole[..part.Length]);
                    Convert<long, float>(whole, part, value => value);
                }

                break;
        }
    }

    /// <summary>Any real type to float64: 64-bit integers beyond 2^53 are rounded, everything else is exact.</summary>
    public static void ToDoubles(DataType type, ReadOnlySpan<byte> raw, Span<double> destination)
    {
        switch (type)
        {
            case DataType.Double:
                raw[..(destination.Length * 8)].CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case DataType.Int64:
                Convert(MemoryMarshal.Cast<byte, long>(raw), destination, value => (double)value);
                break;
            case DataType.Uint64:
                Convert(MemoryMarshal.Cast<byte, ulong>(raw), destination, value => (double)value);
                break;
            case DataType.Int32:
                Convert(MemoryMarshal.Cast<byte, int>(raw), destination, value => (double)value);
                break;
            case DataType.Uint32:
                Convert(MemoryMarshal.Cast<byte, uint>(raw), destination, value => (double)value);
                break;
            default:
                Span<float> singles = stackalloc float[Piece];
                for (int start = 0; start < destination.Length; start += Piece)
                {
                    Span<double> part = destination[start..Math.Min(start + Piece, destination.Length)];
                    ToSingles(type, raw[(int)((long)start * ElementTypes.BitsOf(type) / 8)..], singles[..part.Length]);
                    Convert<float, double>(singles, part, value => value);
                }

                break;
        }
    }

    /// <summary>
    /// Any integer type to int64; uint64 beyond 2^63 - 1 wraps, for the caller to refuse. Bool is 0 or 1.
    /// </summary>
    public static void ToInt64s(DataType type, ReadOnlySpan<byte> raw, Span<long> destination)
    {
        switch (type)
        {
            case DataType.Int64 or DataType.Uint64:
                raw[..(destination.Length * 8)].CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case DataType.Int32:
                Convert(MemoryMarshal.Cast<byte, int>(raw), destination, value => (long)value);
                break;
            case DataType.Uint32:
                Convert(MemoryMarshal.Cast<byte, uint>(raw), destination, value => (long)value);
                break;
            case DataType.Int16:
                Convert(MemoryMarshal.Cast<byte, short>(raw), destination, value => (long)value);
                break;
            case DataType.Uint16:
                Convert(MemoryMarshal.Cast<byte, ushort>(raw), destination, value => (long)value);
                break;
            case DataType.Int8:
                Convert(MemoryMarshal.Cast<byte, sbyte>(raw), destination, value => (long)value);
                break;
            case DataType.Uint8:
                Convert(raw, destination, value => (long)value);
                break;
            case DataType.Bool:
                Convert(raw, destination, value => value == 0 ? 0L : 1L);
                break;
            case DataType.Uint4 or DataType.Int4 or DataType.Uint2 or DataType.Int2:
                int bits = ElementTypes.BitsOf(type);
                bool isSigned = type is DataType.Int4 or DataType.Int2;
                for (int i = 0; i < destination.Length; i++)
                {
                    int field = Field(raw, i, bits);
                    destination[i] = isSigned && field >> (bits - 1) != 0 ? field - (1 << bits) : field;
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type));
        }
    }

    private static int Field(ReadOnlySpan<byte> raw, int index, int bits)
    {
        int perByte = 8 / bits;
        return (raw[index / perByte] >> (index % perByte * bits)) & ((1 << bits) - 1);
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> destination, Func<TFrom, TTo> convert)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = convert(source[i]);
        }
    }
}

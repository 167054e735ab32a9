using System.Runtime.InteropServices;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using Google.Protobuf.Collections;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tensors;

/// <summary>
/// Elements stored in a tensor's typed fields (<c>float_data</c>, <c>int32_data</c> and so on), packed as
/// <c>raw_data</c> would hold them. Several small types share <c>int32_data</c>: one element per entry, of the 4- and
/// 2-bit types one packed byte per entry.
/// </summary>
internal static class TypedData
{
    /// <summary>True where any typed field has an entry.</summary>
    public static bool HasAny(TensorProto tensor) =>
        tensor.FloatData.Count > 0 || tensor.Int32Data.Count > 0 || tensor.Int64Data.Count > 0
        || tensor.DoubleData.Count > 0 || tensor.Uint64Data.Count > 0 || tensor.StringData.Count > 0;

    /// <summary>Packs the field that the type prescribes.</summary>
    /// <returns><see cref="TensorInfo.ByteLength"/> bytes.</returns>
    /// <exception cref="OnnxModelException">The number of entries is wrong, or an entry does not fit the
    /// type.</exception>
    public static byte[] ToRaw(TensorProto tensor, TensorInfo info)
    {
        switch (info.Type)
        {
            case DataType.Float:
                return Copy(tensor.FloatData, info, "float_data", info.Count);
            case DataType.Complex64:
                return Copy(tensor.FloatData, info, "float_data", info.Count * 2);
            case DataType.Double:
                return Copy(tensor.DoubleData, info, "double_data", info.Count);
            case DataType.Complex128:
                return Copy(tensor.DoubleData, info, "double_data", info.Count * 2);
            case DataType.Int64:
                return Copy(tensor.Int64Data, info, "int64_data", info.Count);
            case DataType.Uint64:
                return Copy(tensor.Uint64Data, info, "uint64_data", info.Count);
            case DataType.Int32:
                return Copy(tensor.Int32Data, info, "int32_data", info.Count);
            case DataType.Uint32:
                CheckCount(info, "uint64_data", info.Count, tensor.Uint64Data.Count);
                uint[] words = new uint[info.Count];
                for (int i = 0; i < words.Length; i++)
                {
                    ulong entry = tensor.Uint64Data[i];
                    words[i] = entry <= uint.MaxValue
                        ? (uint)entry
                        : throw new OnnxModelException(
                            Messages.TensorEntryOutOfRange(info.Name, info.Type, unchecked((long)entry)));
                }

                return MemoryMarshal.AsBytes<uint>(words).ToArray();
            default:
                return Narrow(tensor.Int32Data, info);
        }
    }

    private static byte[] Narrow(RepeatedField<int> entries, TensorInfo info)
    {
        int bits = ElementTypes.BitsOf(info.Type);
        long expected = bits < 8 ? info.ByteLength : info.Count;
        CheckCount(info, "int32_data", expected, entries.Count);
        byte[] bytes = new byte[info.ByteLength];
        // Writers disagree on whether a signed or half type is stored sign-extended; the low bits are the same either
        // way.
        int width = Math.Max(bits, 8);
        int lowest = -(1 << (width - 1));
        int highest = (1 << width) - 1;
        for (int i = 0; i < entries.Count; i++)
        {
            int entry = entries[i];
            if (entry < lowest || entry > highest)
            {
                throw new OnnxModelException(Messages.TensorEntryOutOfRange(info.Name, info.Type, entry));
            }

            if (width == 8)
            {
                bytes[i] = (byte)entry;
            }
            else
            {
                MemoryMarshal.Write(bytes.AsSpan(i * 2), (ushort)entry);
            }
        }

        return bytes;
    }

    private static byte[] Copy<T>(RepeatedField<T> entries, TensorInfo info, string field, long expected)
        where T : unmanaged
    {
        CheckCount(info, field, expected, entries.Count);
        T[] values = new T[entries.Count];
        entries.CopyTo(values, 0);
        return MemoryMarshal.AsBytes<T>(values).ToArray();
    }

    private static void CheckCount(TensorInfo info, string field, long expected, long found)
    {
        if (expected != found)
        {
            throw new OnnxModelException(
                Messages.TensorWrongCount(info.Name, info.Type, info.Shape, field, expected, found));
        }
    }
}

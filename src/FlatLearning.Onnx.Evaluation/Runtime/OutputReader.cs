using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>
/// Outputs of any kind as one tensor each, so that they can be compared element by element.
/// <code>
/// tensor                      itself
/// tensor of texts             int64, a hash of each text; IsText
/// map                         [keys]: its values in the order of the keys, which are its Structure
/// sequence of equal things    [count, ...]: stacked
/// sequence of other things    [elements]: one after the other; the shapes are its Structure
/// </code>
/// </summary>
internal static class OutputReader
{
    /// <summary>The copy of a value; null where it holds nothing, or what cannot be read (sparse, complex).</summary>
    public static OrtTensor? Read(OrtValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.OnnxType switch
        {
            OnnxValueType.ONNX_TYPE_TENSOR => Tensor(value),
            OnnxValueType.ONNX_TYPE_SEQUENCE => Sequence(value),
            OnnxValueType.ONNX_TYPE_MAP => Map(value),
            _ => null,
        };
    }

    private static OrtTensor? Tensor(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        TensorElementType type = info.ElementDataType;
        if (type == TensorElementType.String)
        {
            long[] hashes = Array.ConvertAll(
                value.GetStringTensorAsArray(),
                text => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
            return OrtTensor.Create(hashes, info.Shape).As(isText: true, string.Empty);
        }

        return type.BitsPerElement() == 0
            ? null
            : OrtTensor.FromBytes(type, value.GetTensorMutableRawData(), info.Shape);
    }

    private static OrtTensor? Map(OrtValue value)
    {
        using OrtValue keys = value.GetValue(0, OrtAllocator.DefaultInstance);
        using OrtValue values = value.GetValue(1, OrtAllocator.DefaultInstance);
        if (Tensor(values) is not { } read || Keys(keys) is not { } names || names.Length != read.ElementCount)
        {
            return null;
        }

        int width = names.Length == 0 ? 0 : read.ByteCount / names.Length;
        int[] order = [.. Enumerable.Range(0, names.Length).OrderBy(i => names[i], StringComparer.Ordinal)];
        OrtTensor sorted = OrtTensor.Allocate(read.ElementType, names.Length);
        for (int i = 0; i < order.Length; i++)
        {
            read.Bytes.Slice(order[i] * width, width).CopyTo(sorted.Bytes[(i * width)..]);
        }

        return sorted.As(read.IsText, string.Join('\n', order.Select(i => names[i])));
    }

    // Of equal width, so that numbers sort as numbers; what is below zero comes first.
    private static string[]? Keys(OrtValue keys) => keys.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.String => keys.GetStringTensorAsArray(),
        TensorElementType.Int64 => Array.ConvertAll(
            keys.GetTensorDataAsSpan<long>().ToArray(),
            key => ((ulong)key ^ (1UL << 63)).ToString("D20", CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static OrtTensor? Sequence(OrtValue value)
    {
        List<OrtTensor> parts = [];
        for (int i = 0; i < value.GetValueCount(); i++)
        {
            using OrtValue part = value.GetValue(i, OrtAllocator.DefaultInstance);
            if (Read(part) is not { } read || read.ElementType != (parts is [var known, ..] ? known : read).ElementType)
            {
                return null;
            }

            parts.Add(read);
        }

        if (parts is not [var first, ..])
        {
            return OrtTensor.Allocate(TensorElementType.Float, 0);
        }

        bool equal = parts.TrueForAll(
            part => part.Shape.SequenceEqual(first.Shape) && part.Structure == first.Structure);
        long[] shape = equal ? [parts.Count, .. first.Shape] : [parts.Sum(part => part.ElementCount)];
        OrtTensor joined = OrtTensor.FromBytes(
            first.ElementType, [.. parts.SelectMany(part => part.Bytes.ToArray())], shape);
        return joined.As(
            first.IsText,
            equal ? first.Structure : string.Join('\n', parts.Select(part => $"{part} {part.Structure}")));
    }
}

using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using Google.Protobuf;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// Decides which tensors of a model go inline and which to the side file, and carries it out on a copy of the message.
/// </summary>
internal static class ModelPlacement
{
    /// <summary>What has to move; nothing for the usual model, which is then written without being copied.</summary>
    public static (bool Inline, Func<TensorProto, bool> ToSide, bool Any) Decide(
        OnnxModel model, string path, SaveOptions options)
    {
        long total = 0;
        long inline = 0;
        bool anyExternal = false;
        bool anyLarge = false;
        foreach (TensorProto tensor in ModelWalk.Tensors(model.Proto))
        {
            long bytes = StoredBytes(tensor);
            bool external = ExternalDataLocation.IsExternal(tensor);
            total = checked(total + bytes);
            inline += external ? 0 : bytes;
            anyExternal |= external;
            anyLarge |= !external && IsWorthMoving(tensor, options);
        }

        bool fits = total <= options.InlineLimit;
        ExternalDataPolicy policy = options.ExternalData switch
        {
            ExternalDataPolicy.Inline when !fits => throw new OnnxModelException(Messages.TooLargeInline(path, total)),
            ExternalDataPolicy.InlineWhereItFits => fits ? ExternalDataPolicy.Inline : ExternalDataPolicy.SideFile,
            ExternalDataPolicy.KeepPlacement when inline > options.InlineLimit => ExternalDataPolicy.SideFile,
            var given => given,
        };
        return policy switch
        {
            ExternalDataPolicy.Inline => (true, _ => false, anyExternal),
            ExternalDataPolicy.KeepPlacement => (false, ExternalDataLocation.IsExternal, anyExternal),
            _ =>
                (false, tensor => ExternalDataLocation.IsExternal(tensor)
                    || IsWorthMoving(tensor, options), anyExternal || anyLarge),
        };
    }

    /// <summary>Reads an external tensor into <c>raw_data</c>.</summary>
    public static void MakeInline(TensorProto tensor, TensorReader source)
    {
        byte[] bytes = source.ReadRaw(tensor);
        ClearElements(tensor);
        tensor.ClearDataLocation();
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>
    /// Removes the elements and the entries that say where they are; other external entries, unknown to us, stay.
    /// </summary>
    public static void ClearElements(TensorProto tensor)
    {
        tensor.ClearRawData();
        tensor.FloatData.Clear();
        tensor.Int32Data.Clear();
        tensor.Int64Data.Clear();
        tensor.DoubleData.Clear();
        tensor.Uint64Data.Clear();
        for (int i = tensor.ExternalData.Count - 1; i >= 0; i--)
        {
            if (tensor.ExternalData[i].Key is ExternalDataLocation.LocationKey or ExternalDataLocation.OffsetKey
                or ExternalDataLocation.LengthKey or ExternalDataLocation.ChecksumKey)
            {
                tensor.ExternalData.RemoveAt(i);
            }
        }
    }

    /// <summary>Bytes that the elements take, or will take where they are still external.</summary>
    private static long StoredBytes(TensorProto tensor) => ExternalDataLocation.IsExternal(tensor)
        ? TensorInfo.Of(tensor).ByteLength
        : tensor.RawData.Length + (4L * tensor.FloatData.Count) + (8L * tensor.DoubleData.Count)
            + (10L * ((long)tensor.Int32Data.Count + tensor.Int64Data.Count + tensor.Uint64Data.Count))
            + tensor.StringData.Sum(text => (long)text.Length);

    private static bool IsWorthMoving(TensorProto tensor, SaveOptions options) =>
        tensor.StringData.Count == 0
            && ElementTypes.IsKnown(tensor.DataType)
            && StoredBytes(tensor) >= options.SideFileThreshold;
}

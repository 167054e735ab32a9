using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Wire;
using Google.Protobuf;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// Decides which tensors of a model go inline and which to the side file, and carries it out on a copy of the message.
/// </summary>
internal sealed class ModelPlacement
{
    private readonly ModelProto _proto;
    private readonly IReadOnlyList<TensorProto> _inline;

    private readonly bool _hasRawText;

    private ModelPlacement(
        ModelProto proto, bool hasRawText, IReadOnlyList<TensorProto> inline, SideFileLayout side)
    {
        (_proto, _hasRawText, _inline, Side) = (proto, hasRawText, inline, side);
    }

    /// <summary>The side file; of no pieces where there is none.</summary>
    public SideFileLayout Side { get; }

    /// <summary>Decides.</summary>
    /// <param name="model">The model; not changed. Where everything stays where it is, not copied either.</param>
    /// <param name="path">The file to write, for error texts.</param>
    /// <param name="options">Where the elements go.</param>
    /// <exception cref="OnnxModelException">Everything is to be inline and does not fit.</exception>
    public static ModelPlacement Of(OnnxModel model, string path, SaveOptions options)
    {
        Func<TensorProto, bool> toSide = Policy(model.Proto, path, options);
        bool isAsIs = !ModelWalk.Tensors(model.Proto)
            .Any(tensor => ExternalDataLocation.IsExternal(tensor) || toSide(tensor));

        // Raw data is immutable and shared, so the copy costs the model's structure only.
        ModelProto proto = isAsIs ? model.Proto : model.Proto.Clone();
        TensorProto[] tensors = isAsIs ? [] : [.. ModelWalk.Tensors(proto)];
        SideFileLayout side = SideFileLayout.Of(tensors.Where(toSide), model.External, options);
        IEnumerable<TensorProto> toInline =
            tensors.Where(tensor => ExternalDataLocation.IsExternal(tensor) && !toSide(tensor));
        return new ModelPlacement(proto, model.HasRawText, [.. toInline, .. side.Inline], side);
    }

    /// <summary>Bytes of the model's file and of its side file, without reading or writing either.</summary>
    /// <param name="sideName">Name of the side file, which stands in every tensor that is there.</param>
    public SaveResult Measure(string sideName)
    {
        Dictionary<long, ByteString> zeros = [];
        Carry(sideName, tensor =>
        {
            long length = TensorInfo.Of(tensor).ByteLength;
            return zeros.TryGetValue(length, out ByteString? bytes)
                ? bytes
                : zeros[length] = UnsafeByteOperations.UnsafeWrap(new byte[length]);
        });
        return new SaveResult(_hasRawText ? RawMessage.SizeOf(_proto) : _proto.CalculateSize(), Side.Length);
    }

    /// <summary>
    /// The message to write: external tensors that go inline are read, those of the side file point there.
    /// </summary>
    /// <param name="sideName">Name of the side file.</param>
    /// <param name="source">Reads tensors where they are now.</param>
    public ModelProto Carry(string sideName, TensorReader source) =>
        Carry(sideName, tensor => UnsafeByteOperations.UnsafeWrap(source.ReadRaw(tensor)));

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
            string key = tensor.ExternalData[i].Key;
            if (key is ExternalDataLocation.LocationKey or ExternalDataLocation.OffsetKey
                    or ExternalDataLocation.LengthKey or ExternalDataLocation.ChecksumKey
                || key.StartsWith(ExternalDataLocation.PrepackedKey, StringComparison.Ordinal))
            {
                tensor.ExternalData.RemoveAt(i);
            }
        }
    }

    /// <summary>Which tensors are to be in the side file; small ones of these may go inline all the same.</summary>
    private static Func<TensorProto, bool> Policy(ModelProto proto, string path, SaveOptions options)
    {
        long total = 0;
        long inline = 0;
        foreach (TensorProto tensor in ModelWalk.Tensors(proto))
        {
            long bytes = StoredBytes(tensor);
            total = checked(total + bytes);
            inline += ExternalDataLocation.IsExternal(tensor) && bytes >= options.SideFileThreshold ? 0 : bytes;
        }

        bool fits = total <= options.InlineLimit;
        return options.ExternalData switch
        {
            ExternalDataPolicy.Inline => fits
                ? _ => false
                : throw new OnnxModelException(Messages.TooLargeInline(path, total)),
            ExternalDataPolicy.InlineWhereItFits when fits => _ => false,
            ExternalDataPolicy.KeepPlacement when inline <= options.InlineLimit => ExternalDataLocation.IsExternal,
            _ => tensor => ExternalDataLocation.IsExternal(tensor) || IsWorthMoving(tensor, options),
        };
    }

    private ModelProto Carry(string sideName, Func<TensorProto, ByteString> read)
    {
        foreach (TensorProto tensor in _inline)
        {
            ByteString bytes = read(tensor);
            ClearElements(tensor);
            tensor.ClearDataLocation();
            tensor.RawData = bytes;
        }

        foreach ((TensorProto tensor, long offset) in Side.Pieces.SelectMany(piece => piece.Tensors))
        {
            SideFileWriter.PointTo(tensor, sideName, offset);
        }

        return _proto;
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

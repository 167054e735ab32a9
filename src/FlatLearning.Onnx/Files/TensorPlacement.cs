using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using Google.Protobuf;

namespace FlatLearning.Onnx.Files;

/// <summary>Which of some tensors go inline and which to the side file.</summary>
internal sealed class TensorPlacement
{
    private readonly IReadOnlyList<TensorProto> _inline;

    private TensorPlacement(IReadOnlyList<TensorProto> inline, SideFileLayout side) => (_inline, Side) = (inline, side);

    /// <summary>The side file; of no pieces where there is none.</summary>
    public SideFileLayout Side { get; }

    /// <summary>Decides for the tensors of a model, in its order.</summary>
    /// <param name="tensors">Copies that <see cref="Carry"/> may change.</param>
    /// <param name="toSide">What <see cref="Policy"/> says.</param>
    /// <param name="folder">What locations are relative to, or null.</param>
    /// <param name="options">Threshold and alignment.</param>
    public static TensorPlacement Of(
        IReadOnlyCollection<TensorProto> tensors, Func<TensorProto, bool> toSide, ExternalDataFolder? folder,
        SaveOptions options)
    {
        SideFileLayout side = SideFileLayout.Of(tensors.Where(toSide), folder, options);
        IEnumerable<TensorProto> toInline =
            tensors.Where(tensor => ExternalDataLocation.IsExternal(tensor) && !toSide(tensor));
        return new TensorPlacement([.. toInline, .. side.Inline], side);
    }

    /// <summary>Which tensors are to be in the side file; small ones of these may go inline all the same.</summary>
    /// <param name="tensors">All tensors of a model.</param>
    /// <param name="path">The file to write, for error texts.</param>
    /// <param name="options">Where the elements go.</param>
    /// <exception cref="OnnxModelException">Everything is to be inline and does not fit.</exception>
    public static Func<TensorProto, bool> Policy(
        IEnumerable<TensorProto> tensors, string path, SaveOptions options)
    {
        long total = 0;
        long inline = 0;
        foreach (TensorProto tensor in tensors)
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

    /// <summary>Moves elements: external ones that go inline are read, those of the side file point there.</summary>
    public void Carry(string sideName, Func<TensorProto, ByteString> read)
    {
        foreach (TensorProto tensor in _inline)
        {
            ByteString bytes = read(tensor);
            ModelPlacement.ClearElements(tensor);
            tensor.ClearDataLocation();
            tensor.RawData = bytes;
        }

        foreach ((TensorProto tensor, long offset) in Side.Pieces.SelectMany(piece => piece.Tensors))
        {
            SideFileWriter.PointTo(tensor, sideName, offset);
        }
    }

    /// <summary>The same with zeros for what would be read: to know the sizes.</summary>
    public void CarryBlank(string sideName)
    {
        Dictionary<long, ByteString> zeros = [];
        Carry(sideName, tensor =>
        {
            long length = TensorInfo.Of(tensor).ByteLength;
            return zeros.TryGetValue(length, out ByteString? bytes)
                ? bytes
                : zeros[length] = UnsafeByteOperations.UnsafeWrap(new byte[length]);
        });
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

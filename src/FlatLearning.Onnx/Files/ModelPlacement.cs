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
    private readonly TensorPlacement _tensors;
    private readonly bool _hasRawText;

    private ModelPlacement(ModelProto proto, bool hasRawText, TensorPlacement tensors) =>
        (_proto, _hasRawText, _tensors) = (proto, hasRawText, tensors);

    /// <summary>The side file; of no pieces where there is none.</summary>
    public SideFileLayout Side => _tensors.Side;

    /// <summary>Decides.</summary>
    /// <param name="model">The model; not changed. Where everything stays where it is, not copied either.</param>
    /// <param name="path">The file to write, for error texts.</param>
    /// <param name="options">Where the elements go.</param>
    /// <exception cref="OnnxModelException">Everything is to be inline and does not fit.</exception>
    public static ModelPlacement Of(OnnxModel model, string path, SaveOptions options)
    {
        Func<TensorProto, bool> toSide = TensorPlacement.Policy(ModelWalk.Tensors(model.Proto), path, options);
        bool isAsIs = !ModelWalk.Tensors(model.Proto)
            .Any(tensor => ExternalDataLocation.IsExternal(tensor) || toSide(tensor));

        // Raw data is immutable and shared, so the copy costs the model's structure only.
        ModelProto proto = isAsIs ? model.Proto : model.Proto.Clone();
        TensorProto[] tensors = isAsIs ? [] : [.. ModelWalk.Tensors(proto)];
        return new ModelPlacement(
            proto, model.HasRawText, TensorPlacement.Of(tensors, toSide, model.External, options));
    }

    /// <summary>Bytes of the model's file and of its side file, without reading or writing either.</summary>
    /// <param name="sideName">Name of the side file, which stands in every tensor that is there.</param>
    public SaveResult Measure(string sideName)
    {
        _tensors.CarryBlank(sideName);
        return new SaveResult(RawMessage.SizeOf(_proto, _hasRawText), Side.Length);
    }

    /// <summary>
    /// The message to write: external tensors that go inline are read, those of the side file point there.
    /// </summary>
    /// <param name="sideName">Name of the side file.</param>
    /// <param name="source">Reads tensors where they are now.</param>
    public ModelProto Carry(string sideName, TensorReader source)
    {
        _tensors.Carry(sideName, tensor => UnsafeByteOperations.UnsafeWrap(source.ReadRaw(tensor)));
        return _proto;
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
            string key = tensor.ExternalData[i].Key;
            if (key is ExternalDataLocation.LocationKey or ExternalDataLocation.OffsetKey
                    or ExternalDataLocation.LengthKey or ExternalDataLocation.ChecksumKey
                || key.StartsWith(ExternalDataLocation.PrepackedKey, StringComparison.Ordinal))
            {
                tensor.ExternalData.RemoveAt(i);
            }
        }
    }
}

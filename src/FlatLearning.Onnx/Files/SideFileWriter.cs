using System.Globalization;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// Appends tensors to an external data file and points them there. Bytes that two tensors share in the source are
/// written once.
/// </summary>
/// <param name="stream">The file, empty.</param>
/// <param name="location">Its name as it goes into the model.</param>
/// <param name="alignment">Offsets are multiples of this.</param>
internal sealed class SideFileWriter(Stream stream, string location, int alignment)
{
    private const int BufferBytes = 1 << 20;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Dictionary<(string Location, long Offset, long Length), long> _written = [];

    /// <summary>Writes a tensor's elements and replaces whatever held them by a reference.</summary>
    public void Move(TensorProto tensor, TensorInfo info, TensorReader source, CancellationToken cancellation)
    {
        (string, long, long)? shared = null;
        if (ExternalDataLocation.IsExternal(tensor))
        {
            ExternalDataLocation from = ExternalDataLocation.Of(tensor, info.Name);
            shared = (from.Location, from.Offset, info.ByteLength);
        }

        if (shared is not { } key || !_written.TryGetValue(key, out long offset))
        {
            offset = Append(tensor, info, source, cancellation);
            if (shared is { } first)
            {
                _written[first] = offset;
            }
        }

        PointTo(tensor, offset, info.ByteLength);
    }

    private long Append(TensorProto tensor, TensorInfo info, TensorReader source, CancellationToken cancellation)
    {
        using TensorBytes bytes = source.Open(tensor, info);
        long offset = (stream.Position + alignment - 1) / alignment * alignment;
        Array.Clear(_buffer);
        while (stream.Position < offset)
        {
            stream.Write(_buffer, 0, (int)Math.Min(offset - stream.Position, BufferBytes));
        }

        for (long position = 0; position < bytes.Length; position += BufferBytes)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> piece = _buffer.AsSpan(0, (int)Math.Min(BufferBytes, bytes.Length - position));
            bytes.Read(position, piece);
            stream.Write(piece);
        }

        return offset;
    }

    private void PointTo(TensorProto tensor, long offset, long length)
    {
        ModelPlacement.ClearElements(tensor);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        Add(tensor, ExternalDataLocation.LocationKey, location);
        Add(tensor, ExternalDataLocation.OffsetKey, offset.ToString(CultureInfo.InvariantCulture));
        Add(tensor, ExternalDataLocation.LengthKey, length.ToString(CultureInfo.InvariantCulture));
    }

    private static void Add(TensorProto tensor, string key, string value) =>
        tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
}

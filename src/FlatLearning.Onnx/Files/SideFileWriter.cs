using System.Globalization;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Files;

/// <summary>Writes the pieces of a layout to a side file, and points tensors there.</summary>
internal static class SideFileWriter
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Writes every piece; the tensors still say where their elements come from.</summary>
    public static void Write(
        Stream stream, SideFileLayout layout, TensorReader source, CancellationToken cancellation)
    {
        byte[] buffer = new byte[BufferBytes];
        foreach (SideFilePiece piece in layout.Pieces)
        {
            using TensorBytes bytes = Open(piece, source);
            Array.Clear(buffer);
            while (stream.Position < piece.Offset)
            {
                stream.Write(buffer, 0, (int)Math.Min(piece.Offset - stream.Position, BufferBytes));
            }

            for (long position = 0; position < bytes.Length; position += BufferBytes)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<byte> part = buffer.AsSpan(0, (int)Math.Min(BufferBytes, bytes.Length - position));
                bytes.Read(position, part);
                stream.Write(part);
            }
        }
    }

    /// <summary>Replaces whatever holds a tensor's elements by a reference.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="location">The side file's name as it goes into the model.</param>
    /// <param name="offset">The tensor's first byte there.</param>
    public static void PointTo(TensorProto tensor, string location, long offset)
    {
        long length = TensorInfo.Of(tensor).ByteLength;
        ModelPlacement.ClearElements(tensor);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        Add(tensor, ExternalDataLocation.LocationKey, location);
        Add(tensor, ExternalDataLocation.OffsetKey, offset.ToString(CultureInfo.InvariantCulture));
        Add(tensor, ExternalDataLocation.LengthKey, length.ToString(CultureInfo.InvariantCulture));
    }

    private static TensorBytes Open(SideFilePiece piece, TensorReader source)
    {
        TensorProto first = piece.Tensors[0].Tensor;
        TensorInfo info = TensorInfo.Of(first);
        if (info.ByteLength == piece.Length)
        {
            return source.Open(first, info);
        }

        // Tensors that overlap: every one is checked, and the bytes of all are read as one.
        foreach ((TensorProto tensor, _) in piece.Tensors)
        {
            source.Open(tensor, TensorInfo.Of(tensor)).Dispose();
        }

        TensorProto whole = new() { Name = first.Name, DataType = (int)DataType.Uint8, Dims = { piece.Length } };
        PointTo(whole, ExternalDataLocation.Of(first, info.Name).Location, piece.SourceOffset);
        return source.Open(whole, TensorInfo.Of(whole));
    }

    private static void Add(TensorProto tensor, string key, string value) =>
        tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
}

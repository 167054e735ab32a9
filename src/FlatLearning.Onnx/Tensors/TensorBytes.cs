using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using Microsoft.Win32.SafeHandles;

namespace FlatLearning.Onnx.Tensors;

/// <summary>
/// The densely packed little-endian elements of one tensor, in memory or in an external file, read piece by piece:
/// memory is bounded by the caller's buffer.
/// </summary>
internal sealed class TensorBytes : IDisposable
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly SafeFileHandle? _file;
    private readonly long _offset;
    private readonly string _name;
    private readonly string _path = "";

    private TensorBytes(string name, ReadOnlyMemory<byte> memory)
    {
        (_name, _memory, Length) = (name, memory, memory.Length);
    }

    private TensorBytes(string name, SafeFileHandle? file, ExternalDataLocation location, long length)
    {
        (_name, _path, _file, _offset, Length) = (name, location.Location, file, location.Offset, length);
    }

    /// <summary>Bytes in all.</summary>
    public long Length { get; }

    /// <summary>Opens a tensor's bytes; anything but exactly the length that type and shape need is refused.</summary>
    public static TensorBytes Open(TensorProto tensor, TensorInfo info, ExternalDataFolder? folder)
    {
        if (info.Type == TensorProto.Types.DataType.String)
        {
            throw new OnnxModelException(Messages.TensorNotNumeric(info.Name, info.Type));
        }

        if (ExternalDataLocation.IsExternal(tensor))
        {
            ExternalDataLocation location = ExternalDataLocation.Of(tensor, info.Name);
            return folder is null
                ? throw new OnnxModelException(Messages.ExternalNoFolder(info.Name))
                : new TensorBytes(
                    info.Name, folder.Open(info.Name, location, info.ByteLength), location, info.ByteLength);
        }

        // An empty raw_data beside a filled typed field is what some writers leave behind.
        ReadOnlyMemory<byte> bytes = tensor.HasRawData && (tensor.RawData.Length > 0 || !TypedData.HasAny(tensor))
            ? tensor.RawData.Memory
            : TypedData.ToRaw(tensor, info);
        return bytes.Length == info.ByteLength
            ? new TensorBytes(info.Name, bytes)
            : throw new OnnxModelException(
                Messages.TensorWrongBytes(info.Name, info.Type, info.Shape, info.ByteLength, bytes.Length));
    }

    /// <summary>Copies bytes from a position on; the whole of <paramref name="destination"/> is filled.</summary>
    public void Read(long position, Span<byte> destination)
    {
        if (_file is null)
        {
            _memory.Span.Slice((int)position, destination.Length).CopyTo(destination);
            return;
        }

        try
        {
            while (destination.Length > 0)
            {
                int count = RandomAccess.Read(_file, destination, _offset + position);
                if (count <= 0)
                {
                    throw new EndOfStreamException("the file was cut short while it was read");
                }

                destination = destination[count..];
                position += count;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OnnxModelException(
                Messages.ExternalUnreadable(_name, _path, FileReason.Of(exception)), exception);
        }
    }

    public void Dispose() => _file?.Dispose();
}

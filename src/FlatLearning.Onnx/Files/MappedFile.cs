using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// A whole file of up to 2^31 - 1 bytes as one read-only span, so that parsing holds the message only and not a second
/// copy of its bytes. The pages are the file cache's and can be taken back at any time. The file must not be cut short
/// while it is mapped.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _length;

    public MappedFile(SafeFileHandle file, int length)
    {
        _length = length;
        _map = MemoryMappedFile.CreateFromFile(
            file, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    /// <summary>The file's bytes; not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Span => new(_start, _length);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }
}

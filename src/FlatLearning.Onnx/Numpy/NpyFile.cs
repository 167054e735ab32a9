using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Numpy;

/// <summary>Reads and writes .npy files: versions 1 to 3, little-endian, row- and column-major.</summary>
internal static class NpyFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="OnnxModelException">It cannot be read, is no .npy file, is cut short, or has a type without
    /// ONNX counterpart.</exception>
    public static NpyArray Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OnnxModelException(Messages.FileUnreadable(path, FileReason.Of(exception)), exception);
        }
    }

    /// <summary>Reads from a stream up to its end.</summary>
    /// <param name="stream">At the magic bytes.</param>
    /// <param name="name">What error texts call it.</param>
    public static NpyArray Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadArray(stream, NpyHeader.Read(stream, name), name);
    }

    /// <summary>Reads the elements behind a header.</summary>
    internal static NpyArray ReadArray(Stream stream, NpyHeader header, string name)
    {
        if (header.Type == TensorProto.Types.DataType.Undefined)
        {
            throw new OnnxModelException(Messages.NpyType(name, header.Descr));
        }

        long count = TensorInfo.CountOf(name, header.Dims);
        int size = ElementTypes.BitsOf(header.Type) / 8;
        if (count > Array.MaxLength / size)
        {
            throw new OnnxModelException(Messages.TensorTooLarge(name, TensorInfo.ShapeText(header.Dims)));
        }

        byte[] data = ReadElements(stream, name, (int)count * size);
        return new NpyArray(
            header.Type, header.Dims, header.IsFortranOrder ? ToRowMajor(data, header.Dims, size) : data);
    }

    /// <summary>Writes a file of version 1, row-major, as numpy.save does.</summary>
    /// <exception cref="OnnxModelException">The file cannot be written, or the type has no NumPy
    /// counterpart.</exception>
    public static void Write(string path, NpyArray array)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(array);
        try
        {
            using AtomicFileSet files = new();
            Write(files.Create(Path.GetFullPath(path)), array);
            files.Commit();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OnnxModelException(Messages.TargetUnwritable(path, FileReason.Of(exception)), exception);
        }
    }

    /// <summary>Writes to a stream.</summary>
    public static void Write(Stream stream, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(array);
        NpyHeader.Write(stream, array.Type, array.Dims);
        stream.Write(array.Data);
    }

    private static byte[] ReadElements(Stream stream, string name, int bytes)
    {
        // Grows with what really arrives: a header's claim alone must not make us allocate gigabytes.
        const int FirstPiece = 1 << 20;
        byte[] data = new byte[Math.Min(bytes, FirstPiece)];
        int filled = 0;
        while (true)
        {
            filled += stream.ReadAtLeast(data.AsSpan(filled), data.Length - filled, throwOnEndOfStream: false);
            if (filled < data.Length)
            {
                throw new OnnxModelException(Messages.NpyTruncated(name, bytes, filled));
            }

            if (filled == bytes)
            {
                return data;
            }

            Array.Resize(ref data, (int)Math.Min(bytes, 2L * filled));
        }
    }

    private static byte[] ToRowMajor(byte[] data, long[] dims, int size)
    {
        byte[] result = new byte[data.Length];
        long[] index = new long[dims.Length];
        long[] strides = new long[dims.Length];
        for (long axis = 0, stride = size; axis < dims.Length; stride *= dims[axis], axis++)
        {
            strides[axis] = stride;
        }

        long source = 0;
        for (int target = 0; target < result.Length; target += size)
        {
            data.AsSpan((int)source, size).CopyTo(result.AsSpan(target));
            for (int axis = dims.Length - 1; axis >= 0; axis--)
            {
                source += strides[axis];
                if (++index[axis] < dims[axis])
                {
                    break;
                }

                source -= strides[axis] * dims[axis];
                index[axis] = 0;
            }
        }

        return result;
    }
}

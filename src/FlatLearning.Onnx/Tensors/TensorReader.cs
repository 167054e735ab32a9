using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tensors;

/// <summary>
/// Reads the elements of tensors, however they are stored: raw, typed fields, external file, sparse. External data is
/// read in pieces straight into the result, so memory is bounded by the one tensor asked for.
/// </summary>
/// <param name="folder">Where external data may come from; null refuses it.</param>
internal sealed class TensorReader(ExternalDataFolder? folder)
{
    // A multiple of every packing (4 elements to a byte at most) that keeps the piece in a second-level cache.
    private const int PieceElements = 1 << 16;

    // A sparse tensor may claim any dense size in a few bytes; beyond both of these it is taken for a damaged file.
    private const long SparseDenseFloor = 1 << 24;
    private const long SparseDensePerValue = 1 << 14;

    private delegate void Decode<T>(DataType type, ReadOnlySpan<byte> raw, Span<T> destination);

    /// <summary>
    /// Elements of any real type as float32, row-major; float64 and wide integers are rounded to the nearest.
    /// </summary>
    /// <exception cref="OnnxModelException">Strings, complex numbers, wrong sizes, or external data that cannot be
    /// had.</exception>
    public float[] ReadSingles(TensorProto tensor) => Read<float>(tensor, ElementDecoder.ToSingles, RequireReal);

    /// <summary>Elements of any real type as float64, row-major; exact but for 64-bit integers beyond 2^53.</summary>
    /// <exception cref="OnnxModelException">As <see cref="ReadSingles"/>.</exception>
    public double[] ReadDoubles(TensorProto tensor) => Read<double>(tensor, ElementDecoder.ToDoubles, RequireReal);

    /// <summary>Elements of an integer or bool type, row-major.</summary>
    /// <exception cref="OnnxModelException">Another type, uint64 beyond 2^63 - 1, wrong sizes, or external data that
    /// cannot be had.</exception>
    public long[] ReadInt64s(TensorProto tensor)
    {
        long[] values = Read<long>(tensor, ElementDecoder.ToInt64s, RequireInteger);
        if (tensor.DataType == (int)DataType.Uint64 && Array.Find(values, value => value < 0) is var wrapped and < 0)
        {
            throw new OnnxModelException(Messages.TensorEntryOutOfRange(tensor.Name, DataType.Int64, wrapped));
        }

        return values;
    }

    /// <summary>
    /// The densely packed little-endian bytes of any type but string: what <c>raw_data</c> holds or would hold.
    /// </summary>
    /// <exception cref="OnnxModelException">Strings, wrong sizes, or external data that cannot be had.</exception>
    public byte[] ReadRaw(TensorProto tensor)
    {
        TensorInfo info = TensorInfo.Of(tensor);
        using TensorBytes bytes = Open(tensor, info);
        RequireFits(info, bytes.Length);
        byte[] result = new byte[bytes.Length];
        bytes.Read(0, result);
        return result;
    }

    /// <summary>A tensor of real numbers with its type and shape.</summary>
    /// <exception cref="OnnxModelException">As <see cref="ReadSingles"/>.</exception>
    public DenseTensor ReadDense(TensorProto tensor)
    {
        TensorInfo info = TensorInfo.Of(tensor);
        return ElementTypes.FitsSingle(info.Type)
            ? new DenseTensor(info.Type, info.Dims, ReadSingles(tensor))
            : new DenseTensor(info.Type, info.Dims, ReadDoubles(tensor));
    }

    /// <summary>A sparse tensor of real numbers, filled up with zeros.</summary>
    /// <exception cref="OnnxModelException">As <see cref="ReadSingles"/>, and indices that do not fit or a dense size
    /// out of all proportion.</exception>
    public DenseTensor ReadDense(SparseTensorProto sparse)
    {
        ArgumentNullException.ThrowIfNull(sparse);
        TensorProto values = sparse.Values ?? new TensorProto();
        string name = values.Name.Length > 0 ? values.Name : "(no name)";
        TensorInfo info = TensorInfo.Of(values);
        TensorInfo dense = TensorInfo.Of(name, info.Type, sparse.Dims);
        if (dense.Count > Math.Max(SparseDenseFloor, checked(info.Count * SparseDensePerValue))
            || dense.Count > Array.MaxLength)
        {
            throw new OnnxModelException(Messages.TensorTooLarge(name, dense.Shape));
        }

        if (info.Dims.Length != 1)
        {
            throw new OnnxModelException(
                Messages.SparseMalformed(name, $"has values of shape {info.Shape}, where one dimension is expected"));
        }

        int[] positions = SparsePositions.Of(
            name, sparse.Indices is null ? null : (sparse.Indices.Dims, ReadInt64s(sparse.Indices)), info.Count, dense);
        return ElementTypes.FitsSingle(info.Type)
            ? new DenseTensor(info.Type, dense.Dims, Scatter(ReadSingles(values), positions, dense.Count))
            : new DenseTensor(info.Type, dense.Dims, Scatter(ReadDoubles(values), positions, dense.Count));
    }

    /// <summary>Opens a tensor's bytes for reading in pieces.</summary>
    internal TensorBytes Open(TensorProto tensor, TensorInfo info) => TensorBytes.Open(tensor, info, folder);

    private static T[] Scatter<T>(T[] values, int[] positions, long count)
    {
        T[] dense = new T[count];
        for (int i = 0; i < values.Length; i++)
        {
            dense[positions[i]] = values[i];
        }

        return dense;
    }

    private static void RequireReal(TensorInfo info)
    {
        if (!ElementTypes.IsFloat(info.Type) && !ElementTypes.IsInteger(info.Type))
        {
            throw new OnnxModelException(Messages.TensorNotNumeric(info.Name, info.Type));
        }
    }

    private static void RequireInteger(TensorInfo info)
    {
        if (!ElementTypes.IsInteger(info.Type))
        {
            throw new OnnxModelException(Messages.TensorNotInteger(info.Name, info.Type));
        }
    }

    private static void RequireFits(TensorInfo info, long length)
    {
        if (length > Array.MaxLength)
        {
            throw new OnnxModelException(Messages.TensorTooLarge(info.Name, info.Shape));
        }
    }

    private T[] Read<T>(TensorProto tensor, Decode<T> decode, Action<TensorInfo> require)
        where T : unmanaged
    {
        TensorInfo info = TensorInfo.Of(tensor);
        require(info);
        // The bytes are opened, and thereby known to exist, before anything is allocated for them.
        using TensorBytes bytes = Open(tensor, info);
        RequireFits(info, info.Count);
        T[] result = new T[info.Count];
        int bits = ElementTypes.BitsOf(info.Type);
        byte[] piece = new byte[(int)Math.Min(bytes.Length, (long)PieceElements * bits / 8)];
        for (long start = 0; start < info.Count; start += PieceElements)
        {
            Span<T> destination = result.AsSpan((int)start, (int)Math.Min(PieceElements, info.Count - start));
            int length = (int)((((long)destination.Length * bits) + 7) / 8);
            bytes.Read(start * bits / 8, piece.AsSpan(0, length));
            decode(info.Type, piece.AsSpan(0, length), destination);
        }

        return result;
    }
}

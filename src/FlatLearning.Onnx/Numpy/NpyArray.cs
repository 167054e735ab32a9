using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Numpy;

/// <summary>An array as NumPy files hold them, in row-major order whatever the file's order was.</summary>
internal sealed class NpyArray
{
    /// <summary>Wraps elements.</summary>
    /// <param name="type">Element type: float16, float32, float64, bool or an integer of 8 to 64 bits.</param>
    /// <param name="dims">Shape.</param>
    /// <param name="data">Row-major little-endian elements; not copied.</param>
    /// <exception cref="ArgumentException">The bytes do not fill the shape.</exception>
    public NpyArray(DataType type, long[] dims, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(dims);
        ArgumentNullException.ThrowIfNull(data);
        long bytes = checked(TensorInfo.CountOf("array", dims) * ElementTypes.BitsOf(type)) / 8;
        if (bytes != data.Length)
        {
            throw new ArgumentException(
                $"{data.Length} bytes do not fill shape {TensorInfo.ShapeText(dims)} of {ElementTypes.NameOf(type)}.",
                nameof(data));
        }

        (Type, Dims, Data) = (type, dims, data);
    }

    /// <summary>Element type.</summary>
    public DataType Type { get; }

    /// <summary>Shape; empty for a scalar.</summary>
    public long[] Dims { get; }

    /// <summary>Row-major little-endian elements.</summary>
    public byte[] Data { get; }

    /// <summary>Number of elements.</summary>
    public int Count => (int)((long)Data.Length * 8 / ElementTypes.BitsOf(Type));

    /// <summary>The elements as float32, rounded to the nearest where the type is wider.</summary>
    public float[] ToSingles()
    {
        float[] values = new float[Count];
        ElementDecoder.ToSingles(Type, Data, values);
        return values;
    }

    /// <summary>The elements as float64; exact but for 64-bit integers beyond 2^53.</summary>
    public double[] ToDoubles()
    {
        double[] values = new double[Count];
        ElementDecoder.ToDoubles(Type, Data, values);
        return values;
    }

    /// <summary>The array as an ONNX tensor; its bytes are shared.</summary>
    public TensorProto ToTensor(string name) => TensorWriter.Raw(name, Type, Dims, Data);
}

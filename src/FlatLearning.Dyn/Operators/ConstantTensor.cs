namespace FlatLearning.Dyn.Operators;

/// <summary>
/// A constant input of a node as the host hands it over: element type, shape, little-endian bytes in row-major order.
/// </summary>
/// <param name="ElementType">ONNX TensorProto data type number: 1 float32, 2 uint8, 4 uint16, 6 int32, 10
/// float16.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Bytes">The data; may lie in memory that the host owns.</param>
public sealed record ConstantTensor(int ElementType, long[] Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>TensorProto.FLOAT.</summary>
    public const int Float32 = 1;

    /// <summary>TensorProto.UINT8.</summary>
    public const int UInt8 = 2;

    /// <summary>TensorProto.UINT16.</summary>
    public const int UInt16 = 4;

    /// <summary>TensorProto.INT32.</summary>
    public const int Int32 = 6;

    /// <summary>TensorProto.FLOAT16.</summary>
    public const int Float16 = 10;
}

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

    /// <summary>Bytes of an element of one of these types.</summary>
    public int ElementBytes => ElementType switch
    {
        UInt8 => 1,
        UInt16 or Float16 => 2,
        _ => 4,
    };

    /// <summary>What ONNX calls one of these types.</summary>
    public static string NameOf(int elementType) => elementType switch
    {
        UInt8 => "uint8",
        UInt16 => "uint16",
        Int32 => "int32",
        Float16 => "float16",
        _ => "float32",
    };
}

namespace FlatLearning.Dyn.Operators;

/// <summary>Names and sizes of element types.</summary>
public static class TensorTypes
{
    /// <summary>
    /// As sentences name it: <c>float32</c>, <c>int64</c>, ...; the number where it has no name here.
    /// </summary>
    public static string Name(this TensorType type) => type.ToString().ToLowerInvariant();

    /// <summary>Bytes of an element; 0 for types that no operator reads.</summary>
    public static int Bytes(this TensorType type) => type switch
    {
        TensorType.UInt8 or TensorType.Int8 or TensorType.Bool => 1,
        TensorType.UInt16 or TensorType.Int16 or TensorType.Float16 or TensorType.BFloat16 => 2,
        TensorType.Int32 or TensorType.Float32 => 4,
        TensorType.Int64 or TensorType.Float64 => 8,
        _ => 0,
    };
}

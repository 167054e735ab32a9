using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tensors;

/// <summary>What is known of each element type: its width, its kind and the name that users see.</summary>
internal static class ElementTypes
{
    /// <summary>True where the number is a type of ONNX IR 3 to 13 other than "undefined".</summary>
    public static bool IsKnown(int type) => type is > 0 and <= (int)DataType.Int2;

    /// <summary>Bits of one element in densely packed raw data; 0 for strings, which have no fixed width.</summary>
    public static int BitsOf(DataType type) => type switch
    {
        DataType.Uint2 or DataType.Int2 => 2,
        DataType.Uint4 or DataType.Int4 or DataType.Float4E2M1 => 4,
        DataType.Uint8 or DataType.Int8 or DataType.Bool => 8,
        DataType.Float8E4M3Fn or DataType.Float8E4M3Fnuz or DataType.Float8E5M2 or DataType.Float8E5M2Fnuz
            or DataType.Float8E8M0 => 8,
        DataType.Uint16 or DataType.Int16 or DataType.Float16 or DataType.Bfloat16 => 16,
        DataType.Float or DataType.Int32 or DataType.Uint32 => 32,
        DataType.Double or DataType.Int64 or DataType.Uint64 or DataType.Complex64 => 64,
        DataType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>True for signed and unsigned whole numbers and bool.</summary>
    public static bool IsInteger(DataType type) =>
        type is DataType.Uint8 or DataType.Int8 or DataType.Uint16 or DataType.Int16
        or DataType.Int32 or DataType.Int64 or DataType.Uint32 or DataType.Uint64 or DataType.Bool
        or DataType.Uint4 or DataType.Int4 or DataType.Uint2 or DataType.Int2;

    /// <summary>True for every floating-point type of real numbers.</summary>
    public static bool IsFloat(DataType type) =>
        type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double
        or DataType.Float8E4M3Fn or DataType.Float8E4M3Fnuz or DataType.Float8E5M2 or DataType.Float8E5M2Fnuz
        or DataType.Float8E8M0 or DataType.Float4E2M1;

    /// <summary>True for the types whose every value is exactly a float32.</summary>
    public static bool FitsSingle(DataType type) =>
        (IsFloat(type) && type != DataType.Double) || (IsInteger(type) && BitsOf(type) <= 16);

    /// <summary>The type as ONNX's documents write it, for example <c>float16</c>.</summary>
    public static string NameOf(DataType type) => type switch
    {
        DataType.Float => "float32",
        DataType.Double => "float64",
        _ when IsKnown((int)type) => type.ToString().ToLowerInvariant(),
        _ => "undefined",
    };
}

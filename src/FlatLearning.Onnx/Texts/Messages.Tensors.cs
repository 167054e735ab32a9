using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx;

/// <content>02xx: the elements of tensors.</content>
internal static partial class Messages
{
    public static string TensorUnknownType(string tensor, int type) =>
        $"FLAT0201: tensor '{tensor}' has element type number {Number(type)}, which is no ONNX type known here; a "
            + "newer version of this tool may know it.";

    public static string TensorNegativeDimension(string tensor, string shape) =>
        $"FLAT0202: tensor '{tensor}' has the shape {shape}, and no dimension may be negative; export the model again.";

    public static string TensorTooLarge(string tensor, string shape) =>
        $"FLAT0203: tensor '{tensor}' has the shape {shape}, which is more elements than can be held at once; the "
            + "file is probably damaged.";

    public static string TensorWrongBytes(string tensor, DataType type, string shape, long expected, long found) =>
        $"FLAT0204: tensor '{tensor}' of type {ElementTypes.NameOf(type)} and shape {shape} needs "
            + $"{Number(expected)} bytes and holds {Number(found)}; export the model again.";

    public static string TensorWrongCount(
        string tensor, DataType type, string shape, string field, long expected, long found) =>
        $"FLAT0205: tensor '{tensor}' of type {ElementTypes.NameOf(type)} and shape {shape} needs "
            + $"{Number(expected)} entries in {field} and holds {Number(found)}; export the model again.";

    public static string TensorEntryOutOfRange(string tensor, DataType type, long value) =>
        $"FLAT0206: tensor '{tensor}' of type {ElementTypes.NameOf(type)} holds the entry {Number(value)}, which "
            + "that type cannot; export the model again.";

    public static string TensorNotNumeric(string tensor, DataType type) =>
        $"FLAT0207: tensor '{tensor}' has the type {ElementTypes.NameOf(type)}, where real numbers are expected; "
            + "leave it out of the conversion.";

    public static string TensorNotInteger(string tensor, DataType type) =>
        $"FLAT0208: tensor '{tensor}' has the type {ElementTypes.NameOf(type)}, where whole numbers are expected; "
            + "export the model again.";

    public static string TensorSegment(string tensor) =>
        $"FLAT0209: tensor '{tensor}' is stored in segments, which ONNX hosts do not read either; export the model "
            + "again.";

    public static string SparseMalformed(string tensor, string what) =>
        $"FLAT0210: sparse tensor '{tensor}' {what}; export the model again.";
}

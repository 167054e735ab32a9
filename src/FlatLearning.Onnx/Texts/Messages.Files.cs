using System.Globalization;

namespace FlatLearning.Onnx;

/// <summary>
/// Every sentence that a user can be shown by this library, by number: 01xx files, 02xx tensors, 03xx graphs, 04xx
/// arrays and test data; 05xx and above belong to conversion and comparison.
/// </summary>
internal static partial class Messages
{
    public static string FileMissing(string path) =>
        $"FLAT0101: '{path}' does not exist; check the path of the model.";

    public static string FileIsFolder(string path) =>
        $"FLAT0102: '{path}' is a folder, where an ONNX file is expected; name the .onnx file in it.";

    public static string FileEmpty(string path) =>
        $"FLAT0103: '{path}' is empty, where an ONNX model is expected; export or download it again.";

    public static string FileTooLarge(string path, long bytes) =>
        $"FLAT0104: '{path}' has {Number(bytes)} bytes, and a protobuf message ends at {Number(int.MaxValue)}; save "
            + "the model with external data.";

    public static string FileTruncated(string path, long bytes, long needed) =>
        $"FLAT0105: '{path}' is truncated: its parts need {Number(needed)} bytes and the file has {Number(bytes)}; "
            + "copy or download it again.";

    public static string FileNotOnnx(string path, string kind) =>
        $"FLAT0106: '{path}' is not an ONNX model: {kind}; give the .onnx file itself.";

    public static string FileNoGraph(string path) =>
        $"FLAT0107: '{path}' holds no graph, so it is not a usable ONNX model; export it again.";

    public static string FileUnreadable(string path, string reason) =>
        $"FLAT0108: '{path}' cannot be read ({reason}); check that it exists and that you may read it.";

    public static string FileDamaged(string path, string reason) =>
        $"FLAT0109: '{path}' is damaged or not an ONNX model ({reason}); copy or export it again.";

    public static string TargetExists(string path) =>
        $"FLAT0110: '{path}' exists already; choose another output or allow overwriting.";

    public static string TargetFolderMissing(string path) =>
        $"FLAT0111: the folder of '{path}' does not exist; create it or choose another output.";

    public static string TargetUnwritable(string path, string reason) =>
        $"FLAT0112: '{path}' cannot be written ({reason}); nothing was changed.";

    public static string TooLargeInline(string path, long bytes) =>
        $"FLAT0113: '{path}' would hold {Number(bytes)} bytes of weights in one file, beyond protobuf's 2 GB; save "
            + "it with external data.";

    public static string ExternalNoFolder(string tensor) =>
        $"FLAT0114: initializer '{tensor}' keeps its data in another file, and this model was not loaded from a "
            + "folder; load it from its file.";

    public static string ExternalNoLocation(string tensor) =>
        $"FLAT0115: initializer '{tensor}' is marked as external data without naming its file; export the model again.";

    public static string ExternalEscapes(string tensor, string location) =>
        $"FLAT0116: initializer '{tensor}' keeps its data at '{location}', which is not inside the model's folder; "
            + "copy that file beside the model and name it by a relative path.";

    public static string ExternalMissing(string tensor, string path) =>
        $"FLAT0117: the external data file '{path}' of initializer '{tensor}' does not exist; put it beside the model.";

    public static string ExternalBadNumber(string tensor, string key, string value) =>
        $"FLAT0118: the external data {key} '{value}' of initializer '{tensor}' is not a number from 0 on; export "
            + "the model again.";

    public static string ExternalOutside(string tensor, string path, long offset, long length, long fileLength) =>
        $"FLAT0119: initializer '{tensor}' needs {Number(length)} bytes at offset {Number(offset)} of '{path}', and "
            + $"that file has {Number(fileLength)}; copy it again in full.";

    public static string ExternalWrongLength(string tensor, long length, long expected) =>
        $"FLAT0120: the external data of initializer '{tensor}' is {Number(length)} bytes long, and its type and "
            + $"shape need {Number(expected)}; export the model again.";

    public static string ExternalUnreadable(string tensor, string path, string reason) =>
        $"FLAT0121: the external data file '{path}' of initializer '{tensor}' cannot be read ({reason}); check that "
            + "you may read it.";

    public static string TargetIsOwnData(string path, string data) =>
        $"FLAT0122: writing '{path}' would replace '{data}', which the model is read from; choose another output.";

    public static string UnusedWithoutData(string tensor) =>
        $"initializer '{tensor}' was left out: no node reads it, and its external data cannot be read";

    public static string LeftBeside(string path, string data) =>
        $"'{data}' was there before and is no part of '{path}', which needs no external data";

    /// <summary>A whole number as users read it, without separators, whatever the culture.</summary>
    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

namespace FlatLearning.Onnx;

/// <content>04xx: NumPy arrays and ONNX test data.</content>
internal static partial class Messages
{
    public static string NotNpy(string path) =>
        $"FLAT0401: '{path}' is not a NumPy array file (.npy); write it with numpy.save.";

    public static string NpyHeader(string path, string what) =>
        $"FLAT0402: the header of the NumPy array '{path}' {what}; write it again with numpy.save.";

    public static string NpyType(string path, string descr) =>
        $"FLAT0403: the NumPy array '{path}' has the type {descr}, and little-endian f2, f4, f8, i1 to i8, u1 to u8 "
            + "and b1 can be read; convert it with astype.";

    public static string NpyTruncated(string path, long expected, long found) =>
        $"FLAT0404: the NumPy array '{path}' needs {Number(expected)} bytes of elements and has {Number(found)}; "
            + "write or copy it again.";

    public static string NotNpz(string path, string reason) =>
        $"FLAT0405: '{path}' is not a NumPy archive (.npz) that can be read ({reason}); write it with numpy.savez.";

    public static string NpyNoType(string type) =>
        $"FLAT0406: elements of type {type} have no NumPy type; convert them to float32 first.";

    public static string TestDataEmpty(string path) =>
        $"FLAT0407: the folder '{path}' holds neither input_0.pb nor folders test_data_set_0 with one; name a "
            + "folder of ONNX test data.";

    public static string TestDataMissing(string path) =>
        $"FLAT0408: the folder '{path}' does not exist; name a folder of ONNX test data.";

    public static string TestDataDamaged(string path, string reason) =>
        $"FLAT0409: '{path}' is not a tensor in ONNX's test data format ({reason}); write it again.";
}

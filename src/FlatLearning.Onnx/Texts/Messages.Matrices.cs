using System.Globalization;
namespace FlatLearning.Onnx;

/// <content>06xx: one matrix out of a file, and what is drawn of it.</content>
internal static partial class Messages
{
    private const int MaxListed = 12;

    public static string MatrixFileMissing(string path) =>
        $"FLAT0601: '{path}' does not exist; give an .npy file, an .npz archive as FILE::ARRAY, or a model as "
            + "FILE::INITIALIZER.";

    public static string MatrixHasNoNames(string path) =>
        $"FLAT0602: '{path}' is one array and has no names inside; leave out what follows '::'.";

    public static string MatrixNameMissing(string path, string what, IReadOnlyList<string> names) => names.Count == 0
        ? $"FLAT0603: '{path}' holds no {what} of floating-point numbers; give another file."
        : $"FLAT0603: '{path}' holds {(names.Count == 1 ? $"one {what}" : $"{names.Count} {Plural(what)}")}, name "
            + $"the one to fit as {path}::NAME: {Listed(names)}.";

    public static string MatrixNameUnknown(string path, string name, string what, IReadOnlyList<string> names) =>
        names.Count == 0
        ? $"FLAT0604: '{path}' has no {what} '{name}', nor any other of floating-point numbers; give another file."
        : $"FLAT0604: '{path}' has no {what} '{name}'; it has {Listed(names)}.";

    public static string NotAMatrix(string source, string shape) =>
        $"FLAT0605: '{source}' has the shape {shape}, where a matrix of two or more dimensions, none of them 0, is "
            + "expected; reshape a vector to [1,N] or [N,1].";

    public static string MatrixNotFinite(string source, float value, int row, int column) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"FLAT0606: '{source}' holds {value} at row {row}, column {column} (as float32); only finite matrices "
                + $"can be fitted.");

    public static string MatrixType(string source, string type) =>
        $"FLAT0607: '{source}' has elements of type {type}, where floating-point numbers are expected; give a "
            + "weight, or convert it with astype.";

    public static string PlotKind(string path) =>
        $"FLAT0608: the plot '{path}' ends neither in .svg nor in .html; choose one of the two.";

    private static string Plural(string what) => what == "matrix" ? "matrices" : what + "s";

    private static string Listed(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MaxListed))
            + (names.Count > MaxListed ? $" and {names.Count - MaxListed} more" : string.Empty);
}

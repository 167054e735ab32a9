namespace FlatLearning.Onnx.Cli;

/// <summary>Names of outputs that the user did not choose.</summary>
internal static class DefaultPaths
{
    /// <summary><c>model.onnx</c> becomes <c>model.flat.onnx</c> beside it.</summary>
    public static string Converted(string input) => Renamed(input, ".flat.onnx");

    /// <summary><c>model.flat.onnx</c> becomes <c>model.restored.onnx</c> beside it.</summary>
    public static string Restored(string input) =>
        Renamed(
            input.EndsWith(".flat.onnx", StringComparison.OrdinalIgnoreCase)
                ? input[..^".flat.onnx".Length] + ".onnx"
                : input,
            ".restored.onnx");

    private static string Renamed(string input, string extension)
    {
        string stem = input.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? input[..^".onnx".Length] : input;
        return stem + extension;
    }
}

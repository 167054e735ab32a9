namespace FlatLearning.Onnx.CustomOps;

/// <summary>Every sentence that this package can show, by number: 10xx.</summary>
internal static class Messages
{
    /// <summary>The library is nowhere.</summary>
    /// <param name="file">The name of its file.</param>
    /// <param name="runtimeIdentifier">The kind of machine.</param>
    /// <param name="candidates">Where it was looked for.</param>
    public static string LibraryMissing(string file, string runtimeIdentifier, IEnumerable<string> candidates) =>
        $"FLAT1001: the custom-operator library {file} for {runtimeIdentifier} is missing; it was looked for at "
            + $"{string.Join(", ", candidates)}; publish the program with the package's native files, or run the model "
            + "without registering the library.";
}

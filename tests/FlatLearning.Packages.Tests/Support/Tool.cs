using FlatLearning.Testing;

namespace FlatLearning.Packages.Tests.Support;

/// <summary>The tool beside the tests, in a process of its own.</summary>
internal static class Tool
{
    /// <summary>Converts a sample model.</summary>
    /// <param name="model">Its path under <c>models</c>.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="options">Options of <c>flat-onnx convert</c>.</param>
    public static void Convert(string model, string output, params string[] options) =>
        new Command(
            Command.DotNet,
            [
                Path.Combine(AppContext.BaseDirectory, "flat-onnx.dll"), "convert", SampleModel(model), "-o", output,
                "--quiet", .. options,
            ]).Text();

    /// <summary>Full path of a sample model.</summary>
    public static string SampleModel(string model) => Path.Combine(Repository.Root, "models", model);
}

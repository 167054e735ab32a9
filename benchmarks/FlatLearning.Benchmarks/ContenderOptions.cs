using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Benchmarks;

/// <summary>Settings of the session that a contender of <see cref="ShapeModel"/> runs in.</summary>
internal static class ContenderOptions
{
    /// <summary>The settings; the caller disposes of them.</summary>
    /// <param name="contender">The contender's name.</param>
    /// <param name="threads">Threads within an operator.</param>
    /// <param name="library">The native library's file, for our contenders.</param>
    public static SessionOptions Create(string contender, int threads, string library)
    {
        SessionOptions options = OrtRuntime.Options(threads);
        if (ShapeModel.IsRounded(contender))
        {
            // The library reads its settings when it is registered.
            options.AddSessionConfigEntry("flat.activations", "int8");
        }

        if (ShapeModel.IsOurs(contender))
        {
            options.RegisterCustomOpLibrary(Path.GetFullPath(library));
        }

        return options;
    }
}

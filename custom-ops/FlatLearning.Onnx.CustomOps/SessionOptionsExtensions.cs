using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Onnx.CustomOps;

/// <summary>What this package adds to <see cref="SessionOptions"/>.</summary>
public static class SessionOptionsExtensions
{
    // ONNX Runtime does not tell the library how many threads a session has.
    private const string ThreadsKey = "flat.threads";

    /// <summary>
    /// Registers the operators of models that flat-onnx converted, so that the session multiplies with compressed
    /// weights. Without this a model whose weights are packed runs as well, decoded while it is loaded.
    /// </summary>
    /// <param name="options">
    /// The options of a session that is not yet created. The entry <c>flat.activations</c>, where it is wanted, is
    /// added before this call. <see cref="SessionOptions.IntraOpNumThreads"/>, where it is set before this call, also
    /// limits the threads that decode entropy-coded weights while the session is created.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="FileNotFoundException">The library is in none of the places where a build puts it.</exception>
    /// <exception cref="OnnxRuntimeException">
    /// This ONNX Runtime is too old for the library, or the library cannot be loaded on this machine.
    /// </exception>
    public static void RegisterFlatLearning(this SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.IntraOpNumThreads > 0)
        {
            options.AddSessionConfigEntry(ThreadsKey, options.IntraOpNumThreads.ToString(CultureInfo.InvariantCulture));
        }

        options.RegisterCustomOpLibrary(FlatLearningLibrary.Path);
    }
}

using System.Runtime.InteropServices;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Testing;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.CustomOps.Tests;

/// <summary>Opens sessions that have the native library registered.</summary>
internal static class NativeHost
{
    /// <summary>The environment variable that tells a child which build of the library it must run in.</summary>
    public const string ExpectedVariant = "FLAT_TESTS_VARIANT";

    /// <summary>The folder of the native library in the tests' output.</summary>
    public static string Folder { get; } =
        Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");

    /// <summary>The library that users register.</summary>
    public static string LibraryPath { get; } = Path.Combine(Folder, FileName(string.Empty));

    /// <summary>Its build for AVX-512.</summary>
    public static string SiblingPath { get; } = Path.Combine(Folder, FileName(".avx512"));

    /// <summary>A session with the library.</summary>
    public static InferenceSession Open(NodeModel model, int threads = 2, string? activations = null)
    {
        using SessionOptions options = Options(threads, activations);
        return new InferenceSession(model.ToBytes(), options);
    }

    /// <summary>A session with the library in a version of ONNX Runtime.</summary>
    public static IOnnxSession Open(NodeModel model, IOnnxRuntime runtime) =>
        runtime.Open(model.ToBytes(), LibraryPath);

    /// <summary>What the library writes to a verbose log while it creates the kernel.</summary>
    public static string LogOf(NodeModel model, string? activations = null)
    {
        string id = Guid.NewGuid().ToString();
        List<string> messages = [];
        void Keep(OrtLogMessage message)
        {
            if (message.LogId == id && message.Text.Contains("DynMatMul node", StringComparison.Ordinal))
            {
                lock (messages)
                {
                    messages.Add(message.Text);
                }
            }
        }

        using SessionOptions options = Options(threads: 0, activations);
        options.LogId = id;
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_VERBOSE;
        OrtRuntime.MessageLogged += Keep;
        try
        {
            new InferenceSession(model.ToBytes(), options).Dispose();
        }
        finally
        {
            OrtRuntime.MessageLogged -= Keep;
        }

        return string.Join('\n', messages);
    }

    /// <summary>Fails where a child has run in another build of the library than its test asked for.</summary>
    public static void CheckVariant()
    {
        if (Environment.GetEnvironmentVariable(ExpectedVariant) is { Length: > 0 } expected)
        {
            bool sibling = File.ReadLines("/proc/self/maps")
                .Any(line => line.EndsWith(Path.GetFileName(SiblingPath), StringComparison.Ordinal));
            if (sibling != (expected == "avx512"))
            {
                throw new InvalidOperationException(
                    $"expected the build for {expected}, but the one for AVX-512 is {(sibling ? "" : "not ")}loaded");
            }
        }
    }

    /// <summary>y for an x.</summary>
    public static OrtTensor Run(InferenceSession session, OrtTensor x) =>
        session.Run(new Dictionary<string, OrtTensor> { ["x"] = x })[0];

    /// <summary>y for an x.</summary>
    public static OrtTensor Run(IOnnxSession session, OrtTensor x) =>
        session.Run(new Dictionary<string, OrtTensor> { ["x"] = x })[0];

    private static SessionOptions Options(int threads, string? activations)
    {
        SessionOptions options = OrtRuntime.Options(threads);
        // Without rounding, unless that is what is tested.
        options.AddSessionConfigEntry("flat.activations", activations ?? "exact");
        options.RegisterCustomOpLibrary(LibraryPath);
        return options;
    }

    private static string FileName(string suffix) =>
        OperatingSystem.IsWindows() ? $"flat_custom_ops{suffix}.dll"
        : OperatingSystem.IsMacOS() ? $"libflat_custom_ops{suffix}.dylib"
        : $"libflat_custom_ops{suffix}.so";
}

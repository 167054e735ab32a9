using System.Runtime.InteropServices;
using FlatLearning.Onnx.Files;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>
/// ONNX Runtime in this process: the package's library, or the one that <see cref="EnvironmentVariable"/> names. Its
/// log goes to <see cref="MessageLogged"/>, never to standard error.
/// </summary>
internal static class OrtRuntime
{
    /// <summary>
    /// The environment variable that names another library file, or the folder that holds it. It must be of the
    /// package's version or newer.
    /// </summary>
    public const string EnvironmentVariable = "FLAT_ONNXRUNTIME";

    private const int LongestReason = 300;
    private static readonly Lazy<OrtEnv> Shared = new(Start);

    /// <summary>Raised for every message, on whatever thread wrote it; handlers must not throw.</summary>
    internal static event Action<OrtLogMessage>? MessageLogged;

    /// <summary>The library's version, for example <c>1.31.1</c>.</summary>
    /// <exception cref="OnnxModelException">There is no usable library.</exception>
    public static string Version => Shared.Value.GetVersionString();

    /// <summary>New settings for a session, which the caller disposes of.</summary>
    /// <param name="threads">Threads within an operator; 0 leaves it to ONNX Runtime.</param>
    /// <exception cref="OnnxModelException">There is no usable library.</exception>
    public static SessionOptions Options(int threads = 0)
    {
        _ = Shared.Value;
        return new SessionOptions { IntraOpNumThreads = threads };
    }

    /// <summary>The beginning of a foreign message as a clause of one of our sentences.</summary>
    internal static string Reason(Exception exception)
    {
        string message = exception.Message;
        if (exception is OnnxRuntimeException && message.IndexOf("] ", StringComparison.Ordinal) is >= 0 and int end)
        {
            // The C# API puts "[ErrorCode:Fail] " in front.
            message = message[(end + 2)..];
        }

        string text = string.Join(' ', message.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries))
            .TrimEnd('.');
        return text.Length <= LongestReason ? text : text[..LongestReason] + "...";
    }

    /// <summary>The library of a value of the environment variable.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    internal static string Find(string named)
    {
        string[] names = OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
            : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib"]
            : ["libonnxruntime.so", "libonnxruntime.so.1"];
        return Array.Find([named, .. names.Select(name => Path.Combine(named, name))], File.Exists)
            ?? throw new FileNotFoundException(
                $"{EnvironmentVariable} names '{named}', where there is no ONNX Runtime library; correct or unset it");
    }

    private static OrtEnv Start()
    {
        try
        {
            if (OrtEnv.IsCreated)
            {
                // The program around us uses ONNX Runtime itself, in its own way.
                return OrtEnv.Instance();
            }

            if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } named)
            {
                string library = Find(named);
                OrtEnv.DisableDllImportResolver = true;
                NativeLibrary.SetDllImportResolver(
                    typeof(OrtEnv).Assembly,
                    (name, _, _) => name == "onnxruntime" ? NativeLibrary.Load(Path.GetFullPath(library)) : 0);
            }

            EnvironmentCreationOptions options = new()
            {
                logId = "flat-onnx",
                logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING,
                loggingFunction = (_, _, _, id, _, text) => MessageLogged?.Invoke(new OrtLogMessage(id, text)),
            };
            return OrtEnv.CreateInstanceWithOptions(ref options);
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException
            or EntryPointNotFoundException or FileNotFoundException or OnnxRuntimeException
                or InvalidOperationException)
        {
            Exception cause = exception is TypeInitializationException { InnerException: { } inner }
                ? inner
                : exception;
            throw new OnnxModelException(Messages.RunnerNoRuntime(Reason(cause)), exception);
        }
    }
}

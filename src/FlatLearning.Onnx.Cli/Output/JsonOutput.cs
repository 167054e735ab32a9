using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>Machine-readable output: one object on stdout, keys in snake case.</summary>
internal static class JsonOutput
{
    /// <summary>
    /// Shared options; numbers that JSON cannot express (NaN, infinity) become strings rather than a failure.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes one object.</summary>
    public static void Write<T>(TextWriter stdout, T value) =>
        stdout.WriteLine(JsonSerializer.Serialize(value, Options));
}

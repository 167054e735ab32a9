using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlatLearning.Onnx.Wire;

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
        Converters = { new ShownText() },
    };

    /// <summary>Writes one object.</summary>
    public static void Write<T>(TextWriter stdout, T value) =>
        stdout.WriteLine(JsonSerializer.Serialize(value, Options));

    /// <summary>Names that are no UTF-8 as every reader of UTF-8 shows them.</summary>
    private sealed class ShownText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(RawText.Shown(value));

        public override string ReadAsPropertyName(
            ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString()!;

        public override void WriteAsPropertyName(
            Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(RawText.Shown(value));
    }
}

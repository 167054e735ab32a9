using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Wire;
using Google.Protobuf;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// What a converted model says about itself in <c>metadata_props</c>, so that inspection and restoring need no
/// original.
/// </summary>
internal static class ConversionMetadata
{
    /// <summary>Version of the tool that converted.</summary>
    public const string VersionKey = "flat_onnx.version";

    /// <summary>Options as typed.</summary>
    public const string OptionsKey = "flat_onnx.options";

    /// <summary>
    /// JSON object: per weight its original element type, original bytes, error and, where a Cast or DequantizeLinear
    /// stood in between, the element type that reached its nodes. The key is the weight's name, or that of its first
    /// part where several weights have one name.
    /// </summary>
    public const string WeightsKey = "flat_onnx.weights";

    /// <summary>
    /// JSON array: inputs that went with the weights that were their defaults, each with its place and its message in
    /// Base64.
    /// </summary>
    public const string InputsKey = "flat_onnx.inputs";

    private static readonly string[] Keys = [VersionKey, OptionsKey, WeightsKey, InputsKey];

    private static readonly string[] FirstParts = [.. WeightInputs.Leading.Select(input => input.Name())];

    private static readonly JsonSerializerOptions Compact =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the entries, replacing earlier ones.</summary>
    /// <param name="model">The converted model.</param>
    /// <param name="options">Options as typed.</param>
    /// <param name="converted">The converted weights: the name of the first part, and what is said of it.</param>
    /// <param name="inputs">Inputs that went.</param>
    public static void Write(
        ModelProto model,
        string options,
        IEnumerable<(string Part, Entry Entry)> converted,
        IReadOnlyList<OptionalInput> inputs)
    {
        Set(model, VersionKey, ToolVersion);
        Set(model, OptionsKey, options);
        JsonObject entries = [];
        foreach ((string part, Entry weight) in converted)
        {
            JsonArray entry = new(
                weight.Dtype,
                weight.Bytes,
                float.Parse(
                    weight.Error.ToString("g4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
            if (weight.ElementType != weight.Dtype)
            {
                entry.Add(weight.ElementType);
            }

            entries[KeyOf(part)] = entry;
        }

        Set(model, WeightsKey, entries.ToJsonString(Compact));
        if (inputs.Count > 0)
        {
            JsonArray listed = [
                .. inputs.Select(
                    input => new JsonArray(input.Place, Convert.ToBase64String(RawMessage.ToBytes(input.Value))))];
            Set(model, InputsKey, listed.ToJsonString(Compact));
        }
    }

    /// <summary>The inputs that went; those that cannot be read are left out.</summary>
    public static IReadOnlyList<OptionalInput> ReadInputs(ModelProto model)
    {
        string? json = model.MetadataProps.FirstOrDefault(entry => entry.Key == InputsKey)?.Value;
        List<OptionalInput> inputs = [];
        try
        {
            foreach (JsonNode? node in (json is null ? null : JsonNode.Parse(json) as JsonArray) ?? [])
            {
                if (node is JsonArray { Count: 2 } values
                    && values[0] is JsonValue place && place.TryGetValue(out int index) && index >= 0
                    && values[1] is JsonValue message && message.TryGetValue(out string? text))
                {
                    inputs.Add(
                        new OptionalInput(
                            index,
                            RawMessage.Parse(ValueInfoProto.Parser, Convert.FromBase64String(text), out _)));
                }
            }
        }
        catch (Exception exception)
            when (exception is JsonException or FormatException or InvalidProtocolBufferException)
        {
            // Somebody else's edit.
            inputs.Clear();
        }

        return inputs;
    }

    /// <summary>
    /// The key of a weight's entry: the name of its first part without the part, but the whole of it where that got a
    /// number.
    /// </summary>
    public static string KeyOf(string part)
    {
        int dot = part.LastIndexOf('.');
        return dot > 0 && FirstParts.Contains(part[(dot + 1)..]) ? part[..dot] : part;
    }

    /// <summary>Removes the entries.</summary>
    public static void Remove(ModelProto model)
    {
        foreach (string key in Keys)
        {
            if (model.MetadataProps.FirstOrDefault(entry => entry.Key == key) is { } entry)
            {
                model.MetadataProps.Remove(entry);
            }
        }
    }

    /// <summary>
    /// The entries per weight; empty where the metadata is absent or damaged, since it is only a convenience.
    /// </summary>
    public static IReadOnlyDictionary<string, Entry> Read(ModelProto model)
    {
        string? json = model.MetadataProps.FirstOrDefault(entry => entry.Key == WeightsKey)?.Value;
        Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
        try
        {
            foreach ((string name, JsonNode? node) in (json is null ? null : JsonNode.Parse(json) as JsonObject) ?? [])
            {
                if (node is JsonArray { Count: 3 or 4 } values
                    && values[0] is JsonValue dtype && dtype.TryGetValue(out string? type)
                    && values[1] is JsonValue bytes && bytes.TryGetValue(out long size)
                    && values[2] is JsonValue error && error.TryGetValue(out double distance))
                {
                    string element = values.Count == 4
                        && values[3] is JsonValue reached
                        && reached.TryGetValue(out string? text) ? text : type;
                    entries[name] = new Entry(type, size, distance, element);
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // Not JSON, or a key twice: somebody else's edit, and no reason to refuse the model.
            entries.Clear();
        }

        return entries;
    }

    /// <summary>The tool's version.</summary>
    public static string ToolVersion { get; } = typeof(ConversionMetadata).Assembly.GetName().Version?.ToString(3)
        ?? "0";

    private static void Set(ModelProto model, string key, string value)
    {
        StringStringEntryProto? entry = model.MetadataProps.FirstOrDefault(existing => existing.Key == key);
        if (entry is null)
        {
            model.MetadataProps.Add(entry = new StringStringEntryProto { Key = key });
        }

        entry.Value = value;
    }

    /// <summary>One weight.</summary>
    /// <param name="Dtype">Original element type.</param>
    /// <param name="Bytes">Original bytes.</param>
    /// <param name="Error">Relative squared Frobenius error.</param>
    /// <param name="ElementType">Element type in which it reached its nodes.</param>
    internal sealed record Entry(string Dtype, long Bytes, double Error, string ElementType);
}

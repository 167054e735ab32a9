using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>What a converted model says about itself in <c>metadata_props</c>, so that inspection and restoring need no original.</summary>
internal static class ConversionMetadata
{
    /// <summary>Version of the tool that converted.</summary>
    public const string VersionKey = "flat_onnx.version";

    /// <summary>Options as typed.</summary>
    public const string OptionsKey = "flat_onnx.options";

    /// <summary>JSON object: per weight its original element type, original bytes and error.</summary>
    public const string WeightsKey = "flat_onnx.weights";

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the entries, replacing earlier ones.</summary>
    public static void Write(ModelProto model, string options, IEnumerable<WeightReport> converted)
    {
        Set(model, VersionKey, ToolVersion);
        Set(model, OptionsKey, options);
        JsonObject entries = [];
        foreach (WeightReport weight in converted)
        {
            entries[weight.Name] = new JsonArray(weight.Dtype, weight.OriginalBytes, float.Parse(weight.Error!.Value.ToString("g4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }

        Set(model, WeightsKey, entries.ToJsonString(Compact));
    }

    /// <summary>Removes the entries.</summary>
    public static void Remove(ModelProto model)
    {
        foreach (string key in (string[])[VersionKey, OptionsKey, WeightsKey])
        {
            if (model.MetadataProps.FirstOrDefault(entry => entry.Key == key) is { } entry)
            {
                model.MetadataProps.Remove(entry);
            }
        }
    }

    /// <summary>The entries per weight; empty where the metadata is absent or damaged, since it is only a convenience.</summary>
    public static IReadOnlyDictionary<string, Entry> Read(ModelProto model)
    {
        string? json = model.MetadataProps.FirstOrDefault(entry => entry.Key == WeightsKey)?.Value;
        Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
        try
        {
            foreach ((string name, JsonNode? node) in (json is null ? null : JsonNode.Parse(json) as JsonObject) ?? [])
            {
                if (node is JsonArray { Count: 3 } values
                    && values[0] is JsonValue dtype && dtype.TryGetValue(out string? type)
                    && values[1] is JsonValue bytes && bytes.TryGetValue(out long size)
                    && values[2] is JsonValue error && error.TryGetValue(out double distance))
                {
                    entries[name] = new Entry(type, size, distance);
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
    public static string ToolVersion { get; } = typeof(ConversionMetadata).Assembly.GetName().Version?.ToString(3) ?? "0";

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
    internal sealed record Entry(string Dtype, long Bytes, double Error);
}

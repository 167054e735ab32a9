using System.Text.Json;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>What a converted model says about itself in <c>metadata_props</c>, so that inspection and restoring need no original.</summary>
internal static class ConversionMetadata
{
    /// <summary>Version of the tool that converted.</summary>
    public const string VersionKey = "flat_onnx.version";

    /// <summary>Options as typed.</summary>
    public const string OptionsKey = "flat_onnx.options";

    /// <summary>JSON object: per weight its original element type and its error.</summary>
    public const string WeightsKey = "flat_onnx.weights";

    /// <summary>Writes the entries, replacing earlier ones.</summary>
    public static void Write(ModelProto model, string options, IEnumerable<WeightReport> converted)
    {
        Set(model, VersionKey, ToolVersion);
        Set(model, OptionsKey, options);
        Dictionary<string, Entry> entries = converted.ToDictionary(
            weight => weight.Name,
            weight => new Entry(weight.Dtype, weight.OriginalBytes, (float)double.Round(weight.Error!.Value, 9)));
        Set(model, WeightsKey, JsonSerializer.Serialize(entries, EntryJson.Default.DictionaryStringEntry));
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
        try
        {
            return json is null ? new Dictionary<string, Entry>() : JsonSerializer.Deserialize(json, EntryJson.Default.DictionaryStringEntry) ?? [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, Entry>();
        }
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
    internal sealed record Entry(string Dtype, long Bytes, float Error);
}

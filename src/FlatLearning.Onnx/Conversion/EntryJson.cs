using System.Text.Json.Serialization;

namespace FlatLearning.Onnx.Conversion;

/// <summary>Serialisation of <see cref="ConversionMetadata"/> without reflection and without blanks.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Dictionary<string, ConversionMetadata.Entry>))]
internal sealed partial class EntryJson : JsonSerializerContext;

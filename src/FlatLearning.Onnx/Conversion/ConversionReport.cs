using System.Text.Json.Serialization;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Standard;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Conversion;

/// <summary>The answer of <c>convert</c>; property names are the JSON keys in snake case.</summary>
public record ConversionReport
{
    /// <summary>The original file.</summary>
    public required string Input { get; init; }

    /// <summary>The converted file; where a dry run would have written it.</summary>
    public required string Output { get; init; }

    /// <summary>Bytes of the original, external data included.</summary>
    public required long InputBytes { get; init; }

    /// <summary>Bytes of the result, external data included.</summary>
    public required long OutputBytes { get; init; }

    /// <summary>Weights converted.</summary>
    public required int Converted { get; init; }

    /// <summary>Weights left as they were, each with its reason in <see cref="Weights"/>.</summary>
    public required int Skipped { get; init; }

    /// <summary>8 · bytes stored / elements, over the converted weights.</summary>
    public required double BitsPerWeight { get; init; }

    /// <summary>Wall-clock time.</summary>
    public required double Seconds { get; init; }

    /// <summary>The largest resident set of the process so far.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Whether nothing was written.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Whether the file runs without the custom-operator library.</summary>
    public required bool Portable { get; init; }

    /// <summary>Every weight of at least the minimum size, in the order of the file.</summary>
    public required IReadOnlyList<WeightReport> Weights { get; init; }

    /// <summary>Whether its weights are blocks that ONNX Runtime's own operators read.</summary>
    [JsonIgnore]
    public bool HasBlocks => Weights.Any(weight => weight.Storage == StandardWeight.Storage);

    /// <summary>How the target that the planner worked for was met, else null.</summary>
    public TargetReport? Target { get; init; }

    /// <summary>How ways to convert the model compared at its outputs; null where none did.</summary>
    public TournamentReport? Tournament { get; init; }

    /// <summary>
    /// What a user should know of the result; one sentence each. The tool prints them beside its answer.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> Notes { get; init; } = [];
}

using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Conversion;

/// <summary>A converted model in memory.</summary>
/// <param name="Model">The rewritten model, beside the original's folder.</param>
/// <param name="Weights">What became of every weight, in the order of the file.</param>
/// <param name="Portable">Whether every DynMatMul node has a model-local function.</param>
/// <param name="Notes">Sentences that the user should see: what else was changed.</param>
public sealed record ConvertedModel(
    OnnxModel Model, IReadOnlyList<WeightReport> Weights, bool Portable, IReadOnlyList<string> Notes)
{
    /// <summary>How the target was met; null without one.</summary>
    public TargetReport? Target { get; init; }

    /// <summary>Which candidates met; null where none did.</summary>
    public TournamentReport? Tournament { get; init; }

    /// <summary>What was decided for every weight; empty where nobody needs to know.</summary>
    internal IReadOnlyList<WeightOutcome?> Outcomes { get; init; } = [];

    /// <summary>With a plan, the option of every weight that is converted.</summary>
    internal IReadOnlyList<PlanOption?> Options { get; init; } = [];
}

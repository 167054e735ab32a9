using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;

namespace FlatLearning.Onnx.Sensitivity;

/// <summary>Which values multiply a candidate: what its second moments are collected from.</summary>
/// <param name="Names">Values of the main graph, one for each use; rows of their last axis are the vectors.</param>
internal sealed record WeightInputs(IReadOnlyList<string> Names)
{
    /// <summary>
    /// The inputs of a candidate; null where one of its uses is in a subgraph or a function, or takes the vectors from
    /// another axis.
    /// </summary>
    public static WeightInputs? Of(WeightCandidate candidate, GraphScope main) =>
        candidate.Reason is null
            && candidate.Uses.All(use => use.Scope == main && use.Vectors is not null)
            ? new WeightInputs([.. candidate.Uses.Select(use => use.Vectors!).Distinct(StringComparer.Ordinal)])
            : null;
}

using System.Text.Json.Serialization;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// What became of one weight; one entry of <c>weights</c> in the JSON of <c>convert</c> and <c>inspect</c>.
/// </summary>
/// <param name="Name">The initializer (or the output of the Constant node).</param>
/// <param name="Nodes">The nodes that use it.</param>
/// <param name="OpTypes">Their operator types in the original model, without repetition.</param>
/// <param name="Shape">Shape of the stored constant.</param>
/// <param name="Dtype">Element type of the stored constant, as ONNX spells it in lower case.</param>
/// <param name="OriginalBytes">Bytes of the original constant.</param>
/// <param name="StoredBytes">Bytes stored for it now; the original's where it was skipped.</param>
/// <param name="BitsPerWeight">8 · stored bytes / elements.</param>
/// <param name="Error">||W - W~||_F^2 / ||W||_F^2; null where it was skipped.</param>
/// <param name="Representation">What it is stored as; null where it was skipped.</param>
/// <param name="Hessian">The second moments behind the error: <c>identity</c>, <c>layernorm</c>, <c>synthetic</c> or
/// <c>data</c>; null where it was skipped.</param>
/// <param name="SkippedReason">Why it was skipped; null where it was converted.</param>
public sealed record WeightReport(
    string Name,
    IReadOnlyList<string> Nodes,
    IReadOnlyList<string> OpTypes,
    IReadOnlyList<long> Shape,
    string Dtype,
    long OriginalBytes,
    long StoredBytes,
    double BitsPerWeight,
    double? Error,
    string? Representation,
    string? Hessian,
    string? SkippedReason)
{
    /// <summary>How its codes are stored, <c>packed</c> or <c>entropy</c>; null where it was skipped.</summary>
    public string? Storage { get; init; }

    /// <summary>
    /// Why its nodes get the dense tensor back when a session is created, where they do; null where they multiply with
    /// what is stored, and where it was skipped.
    /// </summary>
    public string? Dense { get; init; }

    /// <summary>Number of the candidate that it is, or is a member of.</summary>
    [JsonIgnore]
    internal int Candidate { get; init; }

    /// <summary>Whether it was skipped because of numbers that are not finite.</summary>
    public bool Faulty { get; init; }

    /// <summary>Why the planner chose this representation, or to leave the weight; null without a planner.</summary>
    public string? Choice { get; init; }

    /// <summary>The error under the H in use that the planner predicted; null without one.</summary>
    public double? PredictedError { get; init; }
}

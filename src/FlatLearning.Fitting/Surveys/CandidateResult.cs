namespace FlatLearning.Fitting.Surveys;

/// <summary>What became of a <see cref="Candidate"/>.</summary>
/// <param name="Values">The matrix read back, row-major, or null without a result.</param>
/// <param name="StoredBytes">Every stored byte.</param>
/// <param name="Parameters">Stored numbers.</param>
/// <param name="Name">What was stored.</param>
/// <param name="Status">One or two words.</param>
internal sealed record CandidateResult(float[]? Values, long StoredBytes, long Parameters, string Name, string Status);

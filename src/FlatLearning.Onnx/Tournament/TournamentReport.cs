namespace FlatLearning.Onnx.Tournament;

/// <summary>Which candidates met and how they did; <c>tournament</c> in the JSON of <c>convert</c>.</summary>
/// <param name="Measure">kl: mean Kullback-Leibler divergence of outputs in nats; relative_error: half of their squared
/// error over their energy.</param>
/// <param name="Inputs">What the inputs are that decided.</param>
/// <param name="Samples">How many runs.</param>
/// <param name="Winner">The name of the candidate that was written.</param>
/// <param name="Candidates">All candidates, best first.</param>
public sealed record TournamentReport(
    string Measure, string Inputs, int Samples, string Winner, IReadOnlyList<TournamentCandidate> Candidates);

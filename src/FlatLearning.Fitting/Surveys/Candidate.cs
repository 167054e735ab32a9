namespace FlatLearning.Fitting.Surveys;

/// <summary>A representation to be tried.</summary>
/// <param name="Family">What it shares with other rates.</param>
/// <param name="Name">What it is called until its result says it more exactly.</param>
/// <param name="Own">Whether it is ours.</param>
/// <param name="Rate">The rate that it is compared at; null for a point of reference.</param>
/// <param name="Weight">Its share of the work, in about seconds.</param>
/// <param name="Run">Stores and reads back.</param>
internal sealed record Candidate(
    string Family,
    string Name,
    bool Own,
    double? Rate,
    double Weight,
    Func<IProgress<double>, CancellationToken, CandidateResult> Run);

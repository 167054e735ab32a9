namespace FlatLearning.Benchmarks.Rates;

/// <summary>One run of a kernel through the matrix.</summary>
/// <param name="Name">What it computes.</param>
/// <param name="MultiplyAdds">Operations of a multiply-add's cost that an evaluation needs at least, the reciprocal and
/// memory left out.</param>
/// <param name="Run">Does it once.</param>
internal sealed record KernelPass(string Name, int MultiplyAdds, Action Run);

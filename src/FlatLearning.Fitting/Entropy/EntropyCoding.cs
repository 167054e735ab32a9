using FlatLearning.Dyn.Entropy;

namespace FlatLearning.Fitting.Entropy;

/// <summary>The entropy-coded codes of a weight, or of some of its columns, at one step.</summary>
/// <param name="Stream">The coded levels.</param>
/// <param name="Form">The form that was the cheapest.</param>
/// <param name="Error">||W - W~||² / ||W||².</param>
/// <param name="WeightedError">The same under H.</param>
internal sealed record EntropyCoding(EntropyStream Stream, EntropyForm Form, double Error, double WeightedError);

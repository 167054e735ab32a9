namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>The answer of <c>bench</c>; property names are the JSON keys in snake case.</summary>
/// <param name="Runs">Every model at every batch.</param>
/// <param name="Ratios">Every model but the first at every batch, against the first.</param>
/// <param name="Machine">What the machine can do.</param>
/// <param name="Inputs">The inputs of each batch.</param>
/// <param name="Notes">What a user should know, one sentence each.</param>
public sealed record BenchmarkReport(
    IReadOnlyList<BenchmarkRun> Runs, IReadOnlyList<BenchmarkRatio> Ratios, MachineFigures Machine,
    IReadOnlyList<BenchmarkInputs> Inputs, IReadOnlyList<string> Notes);

/// <summary>The inputs of a batch.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Values">Name, type and shape of each.</param>
public sealed record BenchmarkInputs(int Batch, IReadOnlyList<string> Values);

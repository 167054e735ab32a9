namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>What a benchmark is going to measure.</summary>
/// <param name="Contestants">The models, each in the ways that it is run.</param>
/// <param name="Batches">The batches.</param>
internal sealed record BenchmarkPlan(IReadOnlyList<Contestant> Contestants, IReadOnlyList<BatchPlan> Batches);

/// <summary>One batch of a benchmark.</summary>
/// <param name="Batch">Its size.</param>
/// <param name="File">Where its inputs are.</param>
/// <param name="Inputs">The inputs in words, one each.</param>
/// <param name="Notes">What a user should know of them.</param>
/// <param name="Work">What each contestant's products have to do, in the order of the contestants.</param>
internal sealed record BatchPlan(
    int Batch, string File, IReadOnlyList<string> Inputs, IReadOnlyList<string> Notes, IReadOnlyList<ProductWork> Work);

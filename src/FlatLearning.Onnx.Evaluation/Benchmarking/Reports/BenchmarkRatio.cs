namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// How many times as fast as the first model another one is: the first one's median time over the other's in each
/// round, and the median and spread of that over the rounds. Property names are the JSON keys in snake case.
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Variant">How it is run.</param>
/// <param name="Against">The first model.</param>
/// <param name="AgainstVariant">How that is run.</param>
/// <param name="Batch">Batch.</param>
/// <param name="Median">Median over the rounds; above 1 is faster than the first.</param>
/// <param name="P10">10th percentile.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="Memory">Resident memory of a session over that of the first, or null where the first one's is not
/// positive.</param>
public sealed record BenchmarkRatio(
    string Model, string Variant, string Against, string AgainstVariant, int Batch, double Median, double P10,
    double P90, double? Memory);

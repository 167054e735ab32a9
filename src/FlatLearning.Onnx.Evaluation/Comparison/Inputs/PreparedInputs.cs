namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// The samples of a source for one model. They may be walked more than once, with the same values each time.
/// </summary>
/// <param name="Source">Where they come from, in words that error texts can use.</param>
/// <param name="Samples">The samples, made or cut when they are asked for.</param>
/// <param name="Notes">What a user should know of them, one sentence each.</param>
internal sealed record PreparedInputs(
    string Source, IEnumerable<ComparisonSample> Samples, IReadOnlyList<string> Notes);

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>How well both models do against the right answers.</summary>
/// <param name="Metric">
/// <c>accuracy</c> (share of rows whose best class is the label), <c>token_accuracy</c> (the same for scores at each
/// position), or <c>snr_db</c> (against real-valued targets).
/// </param>
/// <param name="Output">The output that was judged.</param>
/// <param name="Original">The original's result; null where it is not finite.</param>
/// <param name="Converted">The converted model's.</param>
/// <param name="Samples">Labels or target elements counted; negative labels are left out.</param>
/// <param name="NllOriginal">Mean negative log-likelihood of the labels under the original, in nats; null for
/// targets.</param>
/// <param name="NllConverted">The same under the converted model.</param>
public sealed record TaskReport(
    string Metric, string Output, double? Original, double? Converted, long Samples, double? NllOriginal,
    double? NllConverted);

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>How well two models agree.</summary>
/// <param name="RelativeL2">
/// The worst relative L2 distance over the floating-point outputs: infinite where one of them has a NaN or infinity
/// that the other has not, or is zero where the other is not; 0 without such outputs.
/// </param>
/// <param name="Output">The output with that distance, or null without floating-point outputs.</param>
/// <param name="UnequalShare">The worst share of unequal elements over the integer and bool outputs; 0 without such
/// outputs.</param>
/// <param name="Samples">Samples that both were run on.</param>
internal sealed record AgreementReport(double RelativeL2, string? Output, double UnequalShare, long Samples)
{
    /// <summary>Whether every distance is at most <paramref name="tolerance"/> and no integer differs.</summary>
    public bool IsWithin(double tolerance) => RelativeL2 <= tolerance && UnequalShare == 0;
}

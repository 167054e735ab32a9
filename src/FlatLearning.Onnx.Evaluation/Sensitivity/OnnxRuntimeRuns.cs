using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>Runs of models in ONNX Runtime for <see cref="ConvertOptions.Runs"/>.</summary>
public sealed class OnnxRuntimeRuns : ModelRuns
{
    private OnnxRuntimeRuns()
    {
    }

    /// <summary>The only one; it has no state.</summary>
    public static OnnxRuntimeRuns Instance { get; } = new();

    /// <inheritdoc/>
    internal override ModelHessians Hessians(
        OnnxModel original, ConversionDraft draft, ConvertOptions options, CancellationToken cancellation) =>
        new HessianCollector(original, draft, options, cancellation).Collect();

    /// <inheritdoc/>
    internal override IOutputMeter Meter(OnnxModel original, int seed) => OutputMeter.Open(original, seed);
}

using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Validation;

namespace FlatLearning.Onnx;

/// <summary>
/// What a program does with ONNX files, one method each. Methods that write replace nothing unless they are told to,
/// and write whole files or none. They may be called from several threads, for different targets.
/// </summary>
public static class FlatModel
{
    /// <summary>Loads a model and checks that it is sound.</summary>
    /// <param name="path">The .onnx file; its external data is read when it is asked for.</param>
    /// <exception cref="OnnxModelException">The file cannot be read, or is no sound ONNX model.</exception>
    public static OnnxModel Load(string path)
    {
        OnnxModel model = OnnxModelFile.Load(path);
        ModelValidator.Check(model);
        return model;
    }

    /// <summary>
    /// Writes a smaller model. Nothing is written where no weight can be converted: the report's
    /// <see cref="ConversionReport.Converted"/> is 0 then, and every weight has its reason.
    /// </summary>
    /// <param name="original">The .onnx file to convert; not changed.</param>
    /// <param name="converted">The file to write.</param>
    /// <param name="options">What to convert and how; null for codes of 4 bits.</param>
    /// <param name="progress">Receives the share of the work that is done, 0 to 1, on any thread.</param>
    /// <param name="cancellation">Stops the conversion; nothing is written then.</param>
    /// <param name="target">What happens to an existing file, and whether anything is written.</param>
    /// <returns>What was done, weight by weight.</returns>
    /// <exception cref="OnnxModelException">Bad input or an unwritable target.</exception>
    /// <exception cref="UsageException">The model cannot be converted, or would not become smaller.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public static ConversionReport Convert(
        string original,
        string converted,
        ConvertOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default,
        ConversionTarget target = ConversionTarget.New)
    {
        options ??= new ConvertOptions();
        (ConversionReport report, IReadOnlyList<string> notes) = ConversionJob.Run(
            original,
            converted,
            options with { Runs = options.Runs ?? OnnxRuntimeRuns.Instance },
            target,
            progress,
            cancellation);
        return report with { Notes = notes };
    }

    /// <summary>Runs two models on the same inputs, made up from the shapes that they declare.</summary>
    /// <param name="original">The original .onnx file.</param>
    /// <param name="converted">The converted one, or any other with the same inputs and outputs.</param>
    /// <param name="library">The custom-operator library; null runs the converted model without.</param>
    /// <param name="progress">Receives the samples done so far.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <returns>How far apart the outputs are.</returns>
    /// <exception cref="OnnxModelException">A model cannot be read, loaded or run.</exception>
    /// <exception cref="UsageException">The models do not fit each other.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public static ComparisonReport Compare(
        string original,
        string converted,
        string? library = null,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default) => Compare(
            new ComparisonRequest { Original = original, Converted = converted, CustomOpsLibrary = library },
            progress,
            cancellation);

    /// <summary>Runs two models on the same inputs: your own, if the request names them.</summary>
    /// <param name="request">What to compare, on what.</param>
    /// <param name="progress">Receives the samples done so far.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <returns>How far apart the outputs are.</returns>
    /// <exception cref="OnnxModelException">A model or an input file cannot be read, loaded or run.</exception>
    /// <exception cref="UsageException">The models or the inputs do not fit each other.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public static ComparisonReport Compare(
        ComparisonRequest request, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        ModelComparer.Compare(request, progress, cancellation);

    /// <summary>Writes a converted model as plain ONNX, with the weights that it decodes to.</summary>
    /// <param name="converted">The converted .onnx file; not changed.</param>
    /// <param name="restored">The file to write.</param>
    /// <param name="existing">What happens to an existing file.</param>
    /// <param name="cancellation">Looked at between tensors; nothing is written once it is signalled.</param>
    /// <exception cref="OnnxModelException">Bad input or an unwritable target.</exception>
    /// <exception cref="UsageException">It is no converted model.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public static void Restore(
        string converted,
        string restored,
        ExistingFile existing = ExistingFile.Refuse,
        CancellationToken cancellation = default)
    {
        SaveOptions options = new() { Existing = existing };
        OnnxModelFile.Save(ModelRestorer.Restore(OnnxModelFile.Load(converted)), restored, options, cancellation);
    }
}

using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Sensitivity;

/// <summary>
/// Runs of models, which the converter cannot make itself: second moments of weights' inputs, and measurements at a
/// model's outputs. FlatLearning.Onnx.Evaluation makes them with ONNX Runtime.
/// </summary>
public abstract class ModelRuns
{
    private protected ModelRuns()
    {
    }

    /// <summary>Collects what <see cref="ConvertOptions.Hessian"/> asks for.</summary>
    /// <param name="original">The model, loaded from a file.</param>
    /// <param name="draft">A copy of it whose weights are found; not changed.</param>
    /// <param name="options">The mode, the user's file and the seed.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="OnnxModelException">The model cannot be run, or the user's file cannot be read.</exception>
    /// <exception cref="UsageException">The user's file does not fit the model.</exception>
    internal abstract ModelHessians Hessians(
        OnnxModel original, ConversionDraft draft, ConvertOptions options, CancellationToken cancellation);

    /// <summary>A meter on the inputs that <c>--verify</c> makes up.</summary>
    /// <param name="original">The model, loaded from a file.</param>
    /// <param name="seed">Start of the random inputs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="UsageException">It has no floating-point output, or no input that it runs with is
    /// found.</exception>
    /// <exception cref="OnnxModelException">It cannot be run.</exception>
    internal abstract IOutputMeter Meter(OnnxModel original, int seed, CancellationToken cancellation);

    /// <summary>
    /// A meter of the divergence of outputs on inputs made for the model, told as the ratio whose noise over signal is
    /// twice as much.
    /// </summary>
    /// <inheritdoc cref="Meter"/>
    internal abstract IOutputMeter DivergenceMeter(OnnxModel original, int seed, CancellationToken cancellation);

    /// <summary>
    /// Runs that candidates for a conversion meet in; null where the model has no output to judge by.
    /// </summary>
    /// <param name="original">The model, loaded from a file.</param>
    /// <param name="seed">Start of the random inputs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="UsageException">No input that it runs with is found.</exception>
    /// <exception cref="OnnxModelException">It cannot be run.</exception>
    internal abstract ITournamentRuns? Tournament(OnnxModel original, int seed, CancellationToken cancellation);
}

using FlatLearning.Dyn;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Planning;

/// <summary>
/// One representation that a weight may get: a point of its estimated rate-distortion curve. Its bytes are exact where
/// the scales keep their storage type, its errors are estimates.
/// </summary>
public sealed class PlanOption
{
    private readonly MeasuredPlan _measured;
    private readonly FitOptions _options;

    /// <summary>A measured plan and what it promises.</summary>
    /// <param name="target">The weight.</param>
    /// <param name="options">Seed of the fit.</param>
    /// <param name="measured">The plan.</param>
    /// <param name="bytes">Stored bytes.</param>
    /// <param name="error">The relative weighted error.</param>
    /// <param name="plainError">The relative error.</param>
    internal PlanOption(
        MetricTarget target, FitOptions options, MeasuredPlan measured, long bytes, double error, double plainError) =>
        (Rows, Columns, _options, _measured, Bytes, Error, PlainError) =
            (target.Rows, target.Columns, options
                with { Hessian = target.Hessian }, measured, bytes, error, plainError);

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>What the weight is to be made of.</summary>
    public WeightPlan Plan => _measured.Plan;

    /// <summary>Stored bytes, every part counted; an estimate where <see cref="IsCoded"/>.</summary>
    public long Bytes { get; }

    /// <summary>Whether its codes are entropy coded.</summary>
    public bool IsCoded => _measured.IsCoded;

    /// <summary>About how many tensors it stores.</summary>
    public int Tensors => _measured.Tensors;

    /// <summary>The estimated weighted error, relative (<see cref="FitResult.WeightedError"/>).</summary>
    public double Error { get; }

    /// <summary>The estimated ||W - W~||² / ||W||².</summary>
    public double PlainError { get; }

    /// <summary>8 · <see cref="Bytes"/> / (K·N).</summary>
    public double BitsPerWeight => 8.0 * Bytes / ((double)Rows * Columns);

    /// <summary>
    /// Equal for two options of the same structure, whatever their sizes: weights of one structure share a model-local
    /// function.
    /// </summary>
    public string Structure => _measured.Structure;

    /// <summary>
    /// Bytes of tables that a model stores once for all weights that use them; not in <see cref="Bytes"/>.
    /// </summary>
    public long CommonBytes => _measured.CommonBytes;

    /// <summary>
    /// A weight of the same size and structure whose codes are zeros: what a file will look like before anything is
    /// fitted.
    /// </summary>
    /// <param name="bytes">Bytes of a coded option, where more is known than its own estimate.</param>
    public DynWeight Skeleton(long? bytes = null) => _measured.Skeleton(Rows, Columns, bytes ?? Bytes);

    /// <summary>Fits what the option says; nothing that was made to measure it is made again.</summary>
    /// <param name="w">W, row-major, the weight that the option was measured for.</param>
    /// <param name="workers">The threads of the fit; by default the caller's alone.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public FitResult Fit(
        ReadOnlyMemory<float> w, IWorkers? workers = null, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        FitOptions options = _options with { Workers = workers ?? ThreadWorkers.Single };
        MetricTarget target = new(w, Rows, Columns, options.Hessian) { Workers = options.Workers };
        return _measured.Fit(target, options, progress, cancellation);
    }

    /// <summary>
    /// Fits the option's structure to another matrix of the same shape under another H: what the weight should be after
    /// others changed.
    /// </summary>
    /// <param name="w">The matrix, row-major.</param>
    /// <param name="hessian">H of the error.</param>
    /// <param name="workers">The threads of the fit.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public FitResult Refit(
        ReadOnlyMemory<float> w, Hessian hessian, IWorkers workers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(hessian);
        FitOptions options = _options with { Workers = workers, Hessian = hessian };
        return _measured.Fit(
            new MetricTarget(w, Rows, Columns, hessian) { Workers = workers }, options, null, cancellation);
    }
}

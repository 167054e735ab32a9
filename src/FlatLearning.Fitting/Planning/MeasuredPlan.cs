using FlatLearning.Dyn;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Planning;

/// <summary>
/// A plan for one weight together with what was made while it was measured, so that its fit makes nothing twice. One
/// subclass for each kind of plan.
/// </summary>
internal abstract record MeasuredPlan
{
    /// <summary>The plan that would fit the like from nothing.</summary>
    public abstract WeightPlan Plan { get; }

    /// <summary>Equal for two plans whose weights share a model-local function.</summary>
    public abstract string Structure { get; }

    /// <summary>About how many tensors the file stores.</summary>
    public virtual int Tensors => UsualTensors;

    /// <summary>Whether codes are entropy coded, so that bytes are estimates.</summary>
    public virtual bool IsCoded => false;

    /// <summary>Bytes of tables that a model stores once for all weights that use them.</summary>
    public virtual long CommonBytes => 0;

    /// <summary>Tensors of codes: codes, codebook and scales.</summary>
    private protected const int UsualTensors = 4;

    /// <summary>Tensors of a metric.</summary>
    private protected const int MetricTensors = 4;

    /// <summary>Fits what was measured.</summary>
    /// <param name="target">W and H.</param>
    /// <param name="options">Seed and time limit.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public abstract FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation);

    /// <summary>A weight of the same size and structure whose codes are zeros.</summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="bytes">What it is to store, for plans whose bytes are estimates.</param>
    public abstract DynWeight Skeleton(int rows, int columns, long bytes);
}

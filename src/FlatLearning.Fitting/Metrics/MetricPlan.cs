using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting.Gradients;

namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// A metric, alone as published, or in front of codes. One subclass for each family of sizes, all kinds in
/// <see cref="MetricPlans"/>. A fit depends on the target, the plan and the options alone (budgets are counted in
/// operations), gives finite numbers for every finite target, and is never worse than a metric of zeros.
/// </summary>
public abstract record MetricPlan : WeightPlan
{
    private const int MaxSize = 4096;

    private protected MetricPlan()
    {
    }

    /// <summary>The metric's name, one of <see cref="Dyn.Metrics.MetricKinds"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>
    /// d, coordinates of a state, or of one head of it; 0 for the published 52 (all heads together), or as many as keep
    /// the representation below a quarter of the weight in float32.
    /// </summary>
    public int StateDim { get; init; }

    /// <summary>s, bits of a state's coordinate, 1 to 8.</summary>
    public int StateBits { get; init; } = 8;

    /// <summary>
    /// Seconds that the fit may take on a reference core. It is turned into a number of iterations by counting
    /// operations, so that the result does not depend on the machine or its load.
    /// </summary>
    public double Seconds { get; init; } = 20;

    /// <summary>Equal for two plans whose metrics have the same structure.</summary>
    internal abstract string Structure { get; }

    /// <summary>Coordinates stored per row and column, all heads together.</summary>
    internal abstract int Coordinates { get; }

    /// <summary>The largest <see cref="StateDim"/> that the format has.</summary>
    internal abstract int MaxStateDim { get; }

    /// <summary>Numbers of <c>state_range</c> per coordinate, as sizes are planned.</summary>
    private protected abstract int RangeRows { get; }

    /// <summary>Numbers of <c>metric_parameters</c>, as sizes are planned.</summary>
    private protected abstract long Parameters { get; }

    /// <summary>Fits the metric.</summary>
    /// <param name="target">The matrix and the weight of its errors.</param>
    /// <param name="options">Seed and time limit.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1 on any thread of the fit but one call at a time,
    /// or null.</param>
    /// <param name="cancellation">Stops the fit with an <see cref="OperationCanceledException"/>.</param>
    internal abstract MetricFit FitMetric(
        MetricTarget target, FitOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default);

    /// <summary>
    /// Compares the derivatives that the fit steps by with central differences in double precision, on the first rows
    /// and columns of the target. Empty where a fit uses none.
    /// </summary>
    internal abstract IReadOnlyList<GradientReport> CheckGradients(MetricTarget target, FitOptions options);

    /// <summary>The plan with sizes for d directions: d coordinates (riem), or each head some of them (DyN).</summary>
    internal abstract MetricPlan Sized(int d);

    /// <summary>About what a fit stores in bytes: states, their ranges and the metric at 16 bits.</summary>
    internal abstract double Bytes(int rows, int columns);

    /// <summary>The same with packed states, padding counted, and 16 bits for every parameter.</summary>
    internal long PackedBytes(int rows, int columns) => Packed(rows) + Packed(columns)
        + (sizeof(short) * (Parameters + ((long)RangeRows * Coordinates)));

    internal override void Validate()
    {
        Require(StateDim is >= 0 and <= MaxSize, $"the state dimension is {StateDim}, expected 0 to 4096");
        Require(StateBits is >= 1 and <= 8, $"state bits is {StateBits}, expected 1 to 8");
        Require(Seconds > 0, $"the time for a metric is {Seconds} seconds, expected a positive number");
    }

    internal override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        MetricFit fit = FitMetric(target, options, progress, cancellation);
        DynWeight weight = new(target.Rows, target.Columns, null, null, new MetricTerm(fit.Metric));
        (double plain, double weighted) = target.Hessian.IsIdentity
            ? (fit.Error, fit.Error)
            : TargetErrors.Relative(target, MetricField.Of(fit.Metric, target.Workers));
        return new FitResult(weight, plain, weighted, fit.Status, null);
    }

    /// <summary>Checks a size of the metric.</summary>
    private protected static void RequireSize(int size, string name) =>
        Require(size is >= 1 and <= MaxSize, $"{name} is {size}, expected 1 to {MaxSize}");

    private long Packed(int columns) =>
        new CodeLayout(Coordinates, columns, StateBits, CodeLayout.ChooseGroupWidth(columns)).ByteLength;
}

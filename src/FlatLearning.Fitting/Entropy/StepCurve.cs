using System.Globalization;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// The entropy-coded representations of one weight by their step, each fitted. What does not depend on the step
/// (metrics) is fitted once, on creation; a point costs three encodings of the weight for each. The stored bytes and
/// the error of a point are exact.
/// </summary>
internal sealed class StepCurve
{
    private const int SearchRounds = 5;

    /// <summary>How far below the wanted bits per weight a search may end.</summary>
    private const double BitsTolerance = 0.005;

    /// <summary>
    /// Where a search starts: a Gaussian takes about 1.2 bits more than the logarithm of its root mean square in steps.
    /// </summary>
    private const double StartBits = 1.2;

    private readonly MetricTarget _target;
    private readonly List<Metric> _metrics;
    private readonly double _energy;

    /// <summary>Prepares a weight.</summary>
    /// <param name="w">W, row-major [rows, columns]: finite.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="metric">The metric to fit where the spectrum promises that it pays, or null.</param>
    /// <param name="options">Weight of the error, seed and time limit; defaults where null.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fits with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The shape or an option is out of range.</exception>
    public StepCurve(
        ReadOnlyMemory<float> w, int rows, int columns, MetricPlan? metric = null, FitOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
        : this(
            Checked(w, rows, columns, metric, options ?? new FitOptions()), metric, options ?? new FitOptions(),
            progress,
            cancellation)
    {
    }

    internal StepCurve(
        MetricTarget target, MetricPlan? metric, FitOptions options, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        _target = target;
        ReadOnlySpan<float> values = target.Values.Span;
        for (int i = 0; i < values.Length; i++)
        {
            double square = (double)values[i] * values[i];
            _energy += square;
            WeightedEnergy += target.Hessian.At(i / target.Columns) * square;
        }

        _metrics = EntropyMetrics.Fit(target, metric, options, progress, cancellation);
    }

    /// <summary>K·N.</summary>
    public long Count => _target.Values.Length;

    /// <summary>
    /// sum over the weight of H[k,k] w²: what relative weighted errors are multiplied by, exactly so for a diagonal H.
    /// </summary>
    public double WeightedEnergy { get; }

    /// <summary>
    /// The representation at a step: of codes alone and of metrics followed by codes the one of least error + lambda ·
    /// bits, at the slope of that step.
    /// </summary>
    /// <param name="step">The step of H = I, in units of the weight; positive.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public FitResult At(double step, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        (FitResult? best, double min) = (null, double.PositiveInfinity);
        foreach (FitResult fit in _metrics.Prepend(null)
            .Select(metric => EntropyFitter.FitAt(_target, metric, step, cancellation)))
        {
            double cost = (fit.WeightedError * WeightedEnergy / (step * step))
                + (EntropyFitter.Lambda * 8 * fit.Weight!.StoredBytes);
            if (best is null || cost < min)
            {
                (best, min) = (fit, cost);
            }
        }

        progress?.Report(1);
        return best!;
    }

    /// <summary>
    /// The representation of at most, and nearly, so many stored bits per weight; without a weight where there is none.
    /// </summary>
    /// <param name="bits">Stored bits per weight, positive.</param>
    /// <param name="progress">Receives shares of the work from 0 to 1, or null.</param>
    /// <param name="cancellation">Ends the fit with an <see cref="OperationCanceledException"/>.</param>
    public FitResult Within(double bits, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        double step = _energy > 0 ? Math.Sqrt(_energy / _target.Values.Length) * Math.Pow(2, StartBits - bits) : 1;
        (FitResult? best, double max) = (null, double.NegativeInfinity);
        for (int round = 0; round < SearchRounds; round++)
        {
            FitResult fit = At(step, null, cancellation);
            progress?.Report((round + 1.0) / SearchRounds);
            double found = fit.Weight!.BitsPerWeight;
            if (found <= bits && found > max)
            {
                (best, max) = (fit, found);
            }

            if (found <= bits && (found >= bits - BitsTolerance || _energy == 0))
            {
                break;
            }

            // A bit a weight is an octave of the step, where all values are many steps large.
            step *= Math.Pow(2, found - bits + (BitsTolerance / 2));
        }

        progress?.Report(1);
        return best ?? FitResult.None(
            FitStatus.NotRepresentable,
            string.Create(
                CultureInfo.InvariantCulture,
                $"no entropy-coded representation of this {_target.Rows} x {_target.Columns} weight takes at most "
                    + $"{bits:0.##} bits per weight"));
    }

    private static MetricTarget Checked(
        ReadOnlyMemory<float> w, int rows, int columns, MetricPlan? metric, FitOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        options.Validate();
        metric?.Validate();
        options.Hessian.RequireRows(rows);
        return (long)rows * columns == w.Length
            ? new MetricTarget(w, rows, columns, options.Hessian) { Workers = options.Workers }
            : throw new ArgumentException(
                $"a weight of {rows} x {columns} needs {(long)rows * columns} values, found {w.Length}", nameof(w));
    }
}

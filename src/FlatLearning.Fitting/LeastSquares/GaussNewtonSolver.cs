using System.Diagnostics;
using System.Globalization;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.LeastSquares;

/// <summary>
/// Damped Gauss-Newton: (JᵀJ + damping · D) step = -gradient by preconditioned conjugate gradients without forming J;
/// damping is steered by the gain ratio, actual over predicted reduction (docs/derivations/gauss-newton.md).
/// </summary>
internal sealed class GaussNewtonSolver : IDisposable
{
    private const double MinGainRatio = 1e-4;
    private const double MinDamping = 1e-9;
    private readonly ILeastSquaresProblem _problem;
    private readonly SolverOptions _options;
    private readonly AlignedFloats _gradient;
    private readonly AlignedFloats _step;
    private readonly AlignedFloats _trial;
    private readonly AlignedFloats _residual;
    private readonly AlignedFloats _search;
    private readonly AlignedFloats _product;
    private readonly AlignedFloats _scaled;
    private readonly AlignedFloats _curvature;

    public GaussNewtonSolver(ILeastSquaresProblem problem, SolverOptions options)
    {
        (_problem, _options) = (problem, options);
        int n = problem.Length;
        (_gradient, _step, _trial, _residual) = (new(n), new(n), new(n), new(n));
        (_search, _product, _scaled, _curvature) = (new(n), new(n), new(n), new(n));
    }

    /// <summary>
    /// Improves theta in place; <paramref name="accepted"/> hears the cost after every accepted step.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled; theta is then the best point so far.</exception>
    public SolverSummary Solve(AlignedFloats theta, Action<double>? accepted, CancellationToken cancellation)
    {
        double work = _problem.Work;
        double cost = _problem.Improve(theta, _problem.Cost(theta));
        double initial = cost;
        double damping = _options.InitialDamping;
        int steps = 0, rejected = 0, flat = 0, inner = 0, age = int.MaxValue;
        bool fresh = true;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (fresh)
            {
                _ = _problem.Gradient(theta, _gradient);
                if (age >= _options.PreconditionerLife)
                {
                    _problem.Prepare();
                    age = 0;
                }

                fresh = false;
            }

            (SolverStatus Status, string Reason)? stop = Stop(cost, damping, flat, work);
            if (stop is { } end)
            {
                return new SolverSummary(
                    end.Status, end.Reason, initial, cost, steps, rejected, inner, _problem.Work - work);
            }

            _problem.Damp(damping);
            double predicted = Step(damping, work, ref inner, cancellation);
            theta.Span.CopyTo(_trial.Span);
            Lines.AddScaled(_trial.Span, 1, _step.Span);
            double trialCost = _problem.Cost(_trial);
            double ratio = (cost - trialCost) / predicted;
            if (!(ratio > MinGainRatio))
            {
                damping *= 4;
                rejected++;
                _ = _problem.Cost(theta);
                continue;
            }

            _trial.Span.CopyTo(theta.Span);
            double next = _problem.Improve(theta, trialCost);
            flat = cost - next < _options.FunctionTolerance * cost ? flat + 1 : 0;
            cost = next;
            steps++;
            age++;
            fresh = true;
            damping = ratio > 0.75 ? Math.Max(damping / 3, MinDamping) : ratio < 0.25 ? damping * 2 : damping;
            accepted?.Invoke(cost);
        }
    }

    public void Dispose()
    {
        foreach (AlignedFloats vector in (AlignedFloats[])[
            _gradient, _step, _trial, _residual, _search, _product, _scaled, _curvature])
        {
            vector.Dispose();
        }
    }

    private (SolverStatus Status, string Reason)? Stop(double cost, double damping, int flat, double work)
    {
        if (!(cost > _options.CostLimit))
        {
            return (SolverStatus.CostLimit, Text($"cost {cost:g4} <= limit {_options.CostLimit:g4}"));
        }

        if (flat >= _options.FlatSteps)
        {
            return (SolverStatus.FunctionTolerance, Text(
                $"{flat} steps in a row gained less than {_options.FunctionTolerance:g2} of the cost"));
        }

        if (!(damping <= _options.LargestDamping))
        {
            return (SolverStatus.NoDescent, Text(
                $"damping {damping:g3} > largest damping {_options.LargestDamping:g3}"));
        }

        double slope = LargestSlope(cost);
        if (!(slope >= _options.GradientTolerance))
        {
            return (SolverStatus.GradientTolerance, Text(
                $"largest scaled gradient {slope:g3} < tolerance {_options.GradientTolerance:g3}"));
        }

        double done = _problem.Work - work;
        if (done >= _options.WorkLimit)
        {
            return (SolverStatus.WorkLimit, Text($"work {done:g4} >= limit {_options.WorkLimit:g4}"));
        }

        return Stopwatch.GetTimestamp() >= _options.Deadline
            ? (SolverStatus.TimeLimit, "the time limit has passed")
            : null;
    }

    private double LargestSlope(double cost)
    {
        double largest = 0;
        ReadOnlySpan<float> g = _gradient.Span;
        ReadOnlySpan<float> scale = _problem.Scale.Span;
        for (int i = 0; i < g.Length; i++)
        {
            if (scale[i] > 0)
            {
                largest = Math.Max(largest, Math.Abs(g[i]) / Math.Sqrt(scale[i] * cost));
            }
        }

        return largest;
    }

    /// <summary>Returns the reduction that the quadratic model without damping promises for the step.</summary>
    private double Step(double damping, double work, ref int inner, CancellationToken cancellation)
    {
        _step.Clear();
        _curvature.Clear();
        for (int i = 0; i < _residual.Length; i++)
        {
            _residual.Span[i] = -_gradient.Span[i];
        }

        _problem.Precondition(_residual, _scaled);
        _scaled.Span.CopyTo(_search.Span);
        double rho = Dot.InDouble(_residual.Span, _scaled.Span);
        double target = rho * _options.InnerTolerance * _options.InnerTolerance;
        ReadOnlySpan<float> scale = _problem.Scale.Span;
        for (int i = 0; i < _options.InnerIterations && rho > target && rho > 0; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            _problem.GaussNewton(_search, _product);
            double bend =
                Dot.InDouble(_search.Span, _product.Span) + (damping * Dot.InDouble(_search.Span, _search.Span, scale));
            if (!(bend > 0) || !double.IsFinite(bend))
            {
                break;
            }

            inner++;
            double alpha = rho / bend;
            Lines.AddScaled(_step.Span, alpha, _search.Span);
            Lines.AddScaled(_curvature.Span, alpha, _product.Span);
            Lines.AddScaled(_residual.Span, -alpha, _product.Span);
            Lines.AddScaled(_residual.Span, -alpha * damping, _search.Span, scale);
            _problem.Precondition(_residual, _scaled);
            double next = Dot.InDouble(_residual.Span, _scaled.Span);
            Lines.ScaleAdd(_search.Span, next / rho, _scaled.Span);
            rho = next;
            if (_problem.Work - work >= _options.WorkLimit || Stopwatch.GetTimestamp() >= _options.Deadline)
            {
                break;
            }
        }

        return -Dot.InDouble(_gradient.Span, _step.Span) - (0.5 * Dot.InDouble(_step.Span, _curvature.Span));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.LeastSquares;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Fits the RieM metric as published: no scales, no codes. The matrix is brought to standard deviation 1, several starts run for a while, the best is solved
/// jointly by damped Gauss-Newton, and <see cref="RiemStates"/> takes it to stored numbers while what is still free is solved again.
/// </summary>
public sealed class RiemFitter : IMetricFitter
{
    /// <summary>Evaluations of a feature per second that <see cref="FitOptions.MetricSeconds"/> is converted with: about one core's.</summary>
    private const double ReferenceRate = 2.5e9;

    private const double LeastWork = 300;

    /// <summary>Enough for any weight; small ones would otherwise polish digits for the whole time.</summary>
    private const double MostWork = 1e6;

    private const double StartShare = 0.06;
    private const double QuantiseShare = 0.35;

    /// <summary>Measured: the ridge of least error after rounding is 0.7 · 4^-s at s = 8, 0.5 · 4^-s at 6 and 0.12 · 4^-s at 4, where the later coordinates make up for more.</summary>
    private const double MostRidge = 0.7;

    private const double LeastRidge = 0.0075;
    private const int RidgeStages = 5;
    private const int Refinements = 6;
    private const double RefinementGain = 1e-4;

    /// <summary>float16 has 11 bits down to 6e-5, and less below.</summary>
    private const float LeastHalf = 1e-3f;

    private const float MostHalf = 60000f;

    /// <summary>Sizes of the arguments at the start: near the SVD, and where features already differ.</summary>
    private static readonly double[] ProductSizes = [0.3, 1];

    private const double RandomSize = 1.5;

    /// <inheritdoc/>
    public string Name => MetricKinds.Riem;

    /// <inheritdoc/>
    public MetricFit Fit(MetricTarget target, FitOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        Fit(target, options, progress, null, cancellation);

    /// <summary>As <see cref="Fit(MetricTarget, FitOptions, IProgress{double}?, CancellationToken)"/>; <paramref name="trace"/> hears the unexplained energy after every step.</summary>
    internal MetricFit Fit(MetricTarget target, FitOptions options, IProgress<double>? progress, Action<double>? trace, CancellationToken cancellation)
    {
        RiemShape shape = RiemSizes.Choose(target.Rows, target.Columns, options);
        Normalisation normal = Normalisation.Of(target.Values.Span);
        float[] values = normal.Apply(target.Values.Span);
        WorkTeam team = new(options.Threads);
        using RiemField field = new(shape, values, target.Weight, team);
        using RiemProblem problem = new(field, team);
        using AlignedFloats theta = new(shape.Length);
        double work = Math.Clamp(options.MetricSeconds * ReferenceRate / ((double)target.Rows * target.Columns * shape.Features), LeastWork, MostWork);
        Budget budget = new(work, options.TimeLimit);
        double zero = Math.Max(double.Epsilon, field.Cost(theta));

        Solve solve = new(problem, theta, budget, cost => trace?.Invoke(cost / zero), cancellation);
        ChooseStart(shape, values, options.Seed, theta, field, solve, budget);
        progress?.Report(StartShare * 3);
        SolverSummary main = SolveForGrids(solve, problem, theta, options.StateBits);
        progress?.Report(1 - QuantiseShare);
        RiemStates states = new(field, problem, options.StateBits);
        double cost = Store(states, solve, shape, options.StateBits, field, problem, theta, normal, out ParameterType type);
        if (zero == double.Epsilon)
        {
            // Nothing but the mean to represent: exactly that, where a fit would leave rounding.
            theta.Span[shape.V..].Clear();
        }

        trace?.Invoke(cost / zero);
        progress?.Report(1);

        RiemMetric metric = Pack(shape, theta, states, options.StateBits, normal, type);
        FitStatus status = main.Status is SolverStatus.WorkLimit or SolverStatus.TimeLimit ? FitStatus.BudgetSpent : FitStatus.Converged;
        string text = $"riem d {shape.StateDim}, {shape.Shifts} shifts, width {shape.Width}, {options.StateBits}-bit states";
        return new MetricFit(metric, RelativeError.Of(metric, target), status, main.Steps, text);
    }

    /// <summary>Runs every start for a share of the work and leaves the best in theta.</summary>
    private static void ChooseStart(RiemShape shape, float[] values, int seed, AlignedFloats theta, RiemField field, Solve solve, Budget budget)
    {
        Random random = new(seed);
        int rank = Math.Min(shape.StateDim, Math.Min(shape.Rows, shape.Columns));
        (float[] u, float[] v) = TruncatedSvd.Compute(values, shape.Rows, shape.Columns, rank, random);
        RiemStart start = new(shape, random);
        float[]? best = null;
        double least = double.PositiveInfinity;
        for (int i = 0; i <= ProductSizes.Length; i++)
        {
            if (i < ProductSizes.Length)
            {
                if (!start.FromProducts(theta, u, v, rank, ProductSizes[i]))
                {
                    continue;
                }
            }
            else
            {
                start.FromRandomFeatures(theta, u, v, rank, RandomSize);
            }

            double cost = solve.Run(StartShare * (i + 1), functionTolerance: 1e-5).FinalCost;
            if (cost < least)
            {
                (best, least) = (theta.Span.ToArray(), cost);
            }
        }

        best.CopyTo(theta.Span);
    }

    /// <summary>Solves for everything, with the ridge that stands for the rounding to come; it follows the curvature in a few stages.</summary>
    private static SolverSummary SolveForGrids(Solve solve, RiemProblem problem, AlignedFloats theta, int bits)
    {
        double ridge = Math.Min(MostRidge, LeastRidge * Math.Pow(2, bits)) * Math.Pow(4, -bits);
        double begin = StartShare * (ProductSizes.Length + 1);
        for (int i = 1; ; i++)
        {
            problem.SetRidge(theta, ridge);
            SolverSummary summary = solve.Run(begin + ((1 - QuantiseShare - begin) * i / RidgeStages), functionTolerance: 2e-6);
            if (i == RidgeStages)
            {
                return summary;
            }
        }
    }

    /// <summary>Coordinates go to their grids in groups, more of them the coarser the grids; the rest is solved again in between.</summary>
    private static double Store(
        RiemStates states, Solve solve, RiemShape shape, int bits, RiemField field, RiemProblem problem, AlignedFloats theta, Normalisation normal, out ParameterType type)
    {
        int groups = Math.Min(shape.StateDim, bits >= 7 ? 1 : bits >= 5 ? 3 : 6);
        int stages = (2 * groups) + 1;
        int stage = 0;
        for (int group = groups - 1; group >= 0; group--)
        {
            int first = shape.StateDim * group / groups;
            int end = shape.StateDim * (group + 1) / groups;
            foreach (bool rows in (bool[])[true, false])
            {
                _ = states.Quantise(theta, rows, first, end);
                _ = solve.Run(1 - QuantiseShare + (QuantiseShare * ++stage / stages), functionTolerance: 1e-4);
            }
        }

        problem.SetRidge(theta, 0);
        double cost = states.RoundFeatures(theta);
        cost = problem.Improve(theta, cost);
        cost = Refine(states, theta, cost);
        cost = problem.Improve(theta, cost);
        type = RoundLinear(shape, theta, normal);
        return Refine(states, theta, field.Cost(theta));
    }

    private static double Refine(RiemStates states, AlignedFloats theta, double cost)
    {
        for (int i = 0; i < Refinements; i++)
        {
            double before = cost;
            cost = states.Refine(theta, rows: true, cost);
            cost = states.Refine(theta, rows: false, cost);
            if (!(before - cost > RefinementGain * before))
            {
                break;
            }
        }

        return cost;
    }

    /// <summary>Rounds v and beta to what is stored: 16 bits, unless they are too large or too small for them.</summary>
    private static ParameterType RoundLinear(RiemShape shape, AlignedFloats theta, Normalisation normal)
    {
        Span<float> linear = theta.Span[shape.V..];
        float largest = 0;
        for (int i = 0; i < linear.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(normal.Linear(linear[i], isConstant: i == shape.Width)));
        }

        if (!(largest >= LeastHalf && largest <= MostHalf))
        {
            return ParameterType.Float32;
        }

        for (int i = 0; i < linear.Length; i++)
        {
            bool constant = i == shape.Width;
            linear[i] = normal.LinearBack((float)(Half)normal.Linear(linear[i], constant), constant);
        }

        return ParameterType.Float16;
    }

    private static RiemMetric Pack(RiemShape shape, AlignedFloats theta, RiemStates states, int bits, Normalisation normal, ParameterType type)
    {
        int d = shape.StateDim;
        float[] range = new float[4 * d];
        byte[] rowCodes = Codes(theta.Span[..shape.Q], shape.Rows, shape, states.RowGrids, range.AsSpan(0, 2 * d));
        byte[] columnCodes = Codes(theta.Span[shape.Q..shape.A], shape.Columns, shape, states.ColumnGrids, range.AsSpan(2 * d));
        float[] parameters = new float[shape.Length - shape.A];
        for (int f = 0; f < shape.Features; f++)
        {
            theta.Span.Slice(shape.A + (f * d), d).CopyTo(parameters.AsSpan(shape.Stored(f) * d));
            parameters[shape.C - shape.A + shape.Stored(f)] = theta.Span[shape.C + f];
        }

        for (int m = 0; m <= shape.Width; m++)
        {
            parameters[shape.V - shape.A + m] = normal.Linear(theta.Span[shape.V + m], isConstant: m == shape.Width);
        }

        MetricStates packed = new(
            PackedCodes.Pack(rowCodes, d, shape.Rows, bits),
            PackedCodes.Pack(columnCodes, d, shape.Columns, bits),
            new ParameterTensor(range, [4, d], StateGrid.TypeFor(range)));
        return new RiemMetric(packed, new ParameterTensor(parameters, [parameters.Length], type), shape.Shifts, shape.Width);
    }

    /// <summary>Codes [d, count] of states that are on their grids, and minimum [d] and step [d].</summary>
    private static byte[] Codes(ReadOnlySpan<float> states, int count, RiemShape shape, StateGrid[] grids, Span<float> range)
    {
        byte[] codes = new byte[grids.Length * count];
        for (int i = 0; i < grids.Length; i++)
        {
            (range[i], range[grids.Length + i]) = (grids[i].Minimum, grids[i].Step);
            for (int k = 0; k < count; k++)
            {
                codes[(i * count) + k] = grids[i].Encode(states[shape.State(k, i)]);
            }
        }

        return codes;
    }

    /// <summary>Work and time of the whole fit, and how far they may be spent.</summary>
    private sealed class Budget(double work, double seconds)
    {
        private readonly long _begin = Stopwatch.GetTimestamp();

        public double WorkUntil(double share) => work * share;

        public long Deadline(double share) => seconds > 0 ? _begin + (long)(seconds * share * Stopwatch.Frequency) : long.MaxValue;
    }

    /// <summary>Solves for what is free until a share of the whole budget is spent.</summary>
    private sealed class Solve(RiemProblem problem, AlignedFloats theta, Budget budget, Action<double> trace, CancellationToken cancellation)
    {
        public SolverSummary Run(double untilShare, double functionTolerance)
        {
            SolverOptions options = new()
            {
                WorkLimit = Math.Max(0, budget.WorkUntil(untilShare) - problem.Work),
                Deadline = budget.Deadline(untilShare),
                FunctionTolerance = functionTolerance,
            };
            using GaussNewtonSolver solver = new(problem, options);
            return solver.Solve(theta, trace, cancellation);
        }
    }
}

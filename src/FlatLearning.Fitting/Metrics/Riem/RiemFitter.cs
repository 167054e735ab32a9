using System.Diagnostics;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Gradients;
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
    private const double MostWork = 300000;

    private const double StartShare = 0.06;
    private const double QuantiseShare = 0.35;

    /// <summary>Measured: the ridge of least error after rounding is 0.7 · 4^-s at s = 8, 0.5 · 4^-s at 6 and 0.12 · 4^-s at 4, where the later coordinates make up for more.</summary>
    private const double MostRidge = 0.7;

    private const double LeastRidge = 0.0075;
    private const int RidgeStages = 5;

    /// <summary>Solves after the first.</summary>
    private const int MostStarts = 5;

    /// <summary>Of the energy: below it there are only roundings of float32.</summary>
    private const double NegligibleCost = 1e-12;

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

    /// <inheritdoc/>
    public IReadOnlyList<GradientReport> CheckGradients(MetricTarget target, FitOptions options) => RiemGradientCheck.Run(target, options);

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
        double zero = Math.Max(double.Epsilon, field.Cost(theta));

        Solve solve = new(problem, theta, work, options.TimeLimit, NegligibleCost * zero, cost => trace?.Invoke(cost / zero), cancellation);
        Starts starts = new(shape, values, options.Seed);
        ChooseStart(starts, theta, solve);
        progress?.Report(StartShare * Starts.Kinds);
        SolverSummary main = SolveForGrids(solve, problem, theta, options.StateBits, 1 - QuantiseShare);
        main = StartAgain(starts, main, solve, problem, theta, options.StateBits);
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

    /// <summary>Runs every kind of start for a share of the work and leaves the best in theta.</summary>
    private static void ChooseStart(Starts starts, AlignedFloats theta, Solve solve)
    {
        float[]? best = null;
        double least = double.PositiveInfinity;
        for (int kind = 0; kind < Starts.Kinds; kind++)
        {
            if (!starts.Write(theta, kind))
            {
                continue;
            }

            double cost = solve.Run(StartShare * (kind + 1), functionTolerance: 1e-5).FinalCost;
            if (cost < least)
            {
                (best, least) = (theta.Span.ToArray(), cost);
            }
        }

        best.CopyTo(theta.Span);
    }

    /// <summary>Solves for everything, with the ridge that stands for the rounding to come; it follows the curvature in a few stages.</summary>
    private static SolverSummary SolveForGrids(Solve solve, RiemProblem problem, AlignedFloats theta, int bits, double untilShare)
    {
        double begin = solve.Share;
        for (int i = 1; ; i++)
        {
            problem.SetRidge(theta, Ridge(bits));
            SolverSummary summary = solve.Run(begin + ((untilShare - begin) * i / RidgeStages), functionTolerance: 2e-6);
            if (i == RidgeStages)
            {
                return summary;
            }
        }
    }

    /// <summary>While a whole solve has room in what is left, other starts get one each, and the best of all is kept: minima of few states differ by a tenth and more.</summary>
    private static SolverSummary StartAgain(Starts starts, SolverSummary best, Solve solve, RiemProblem problem, AlignedFloats theta, int bits)
    {
        double share = solve.Share;
        bool again = best.Status is not (SolverStatus.WorkLimit or SolverStatus.TimeLimit or SolverStatus.CostLimit);
        for (int i = 0; again && i < MostStarts && solve.Share + share < 1 - QuantiseShare; i++)
        {
            float[] kept = theta.Span.ToArray();
            if (!starts.Write(theta, i % Starts.Kinds))
            {
                continue;
            }

            problem.SetRidge(theta, 0);
            _ = solve.Run(solve.Share + (StartShare * share), functionTolerance: 1e-5);
            SolverSummary summary = SolveForGrids(solve, problem, theta, bits, Math.Min(1 - QuantiseShare, solve.Share + share));
            if (summary.FinalCost < best.FinalCost)
            {
                best = summary with { Status = best.Status };
            }
            else
            {
                kept.CopyTo(theta.Span);
            }
        }

        problem.SetRidge(theta, Ridge(bits));
        return best;
    }

    private static double Ridge(int bits) => Math.Min(MostRidge, LeastRidge * Math.Pow(2, bits)) * Math.Pow(4, -bits);

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

    /// <summary>Points to begin at, drawn from one sequence of random numbers.</summary>
    private sealed class Starts
    {
        private readonly float[] _u;
        private readonly float[] _v;
        private readonly int _rank;
        private readonly RiemStart _start;

        public Starts(RiemShape shape, float[] values, int seed)
        {
            Random random = new(seed);
            _rank = Math.Min(shape.StateDim, Math.Min(shape.Rows, shape.Columns));
            (_u, _v) = TruncatedSvd.Compute(values, shape.Rows, shape.Columns, _rank, random);
            _start = new RiemStart(shape, random);
        }

        public static int Kinds => ProductSizes.Length + 1;

        /// <summary>False where the shape has no room for this kind.</summary>
        public bool Write(AlignedFloats theta, int kind)
        {
            if (kind < ProductSizes.Length)
            {
                return _start.FromProducts(theta, _u, _v, _rank, ProductSizes[kind]);
            }

            _start.FromRandomFeatures(theta, _u, _v, _rank, RandomSize);
            return true;
        }
    }

    /// <summary>Solves for what is free until a share of the work, or of the time, of the whole fit is spent.</summary>
    private sealed class Solve(RiemProblem problem, AlignedFloats theta, double work, double seconds, double costLimit, Action<double> trace, CancellationToken cancellation)
    {
        private readonly long _begin = Stopwatch.GetTimestamp();

        /// <summary>What is spent so far.</summary>
        public double Share => Math.Max(problem.Work / work, seconds > 0 ? Stopwatch.GetElapsedTime(_begin).TotalSeconds / seconds : 0);

        public SolverSummary Run(double untilShare, double functionTolerance)
        {
            SolverOptions options = new()
            {
                WorkLimit = Math.Max(0, (work * untilShare) - problem.Work),
                Deadline = seconds > 0 ? _begin + (long)(seconds * untilShare * Stopwatch.Frequency) : long.MaxValue,
                FunctionTolerance = functionTolerance,
                CostLimit = costLimit,
            };
            using GaussNewtonSolver solver = new(problem, options);
            return solver.Solve(theta, trace, cancellation);
        }
    }
}

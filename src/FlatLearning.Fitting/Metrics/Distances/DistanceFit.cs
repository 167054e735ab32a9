namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Fits a metric of distances: several starts for a few sweeps, the best one until it stalls, then rows and columns are
/// put on the grid, each with the other side solved against what was rounded, and refined there.
/// docs/derivations/dyn-l2.md.
/// </summary>
internal sealed class DistanceFit<TKernel>
    where TKernel : struct, IDistanceKernel
{
    /// <summary>Multiply-adds per second that <see cref="MetricPlan.Seconds"/> is converted with.</summary>
    private const double ReferenceRate = 5e9;

    private const int MinSweeps = 12;
    private const int MaxSweeps = 400;
    private const int StartSweeps = 8;
    private const double ContinuousShare = 0.75;
    private const double StallGain = 1e-4;
    private const int StallSweeps = 4;
    private const int SettlingSweeps = 3;
    private const int PriorSweeps = 12;

    private readonly DistanceProblem _problem;
    private readonly SideSolver<TKernel> _rows;
    private readonly SideSolver<TKernel> _columns;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly int _budget;
    private readonly int _bits;
    private int _swept;

    private DistanceFit(
        DistanceProblem problem, int budget, int bits, IProgress<double>? progress, CancellationToken cancellation)
    {
        (_problem, _budget, _bits, _progress, _cancellation) = (problem, budget, bits, progress, cancellation);
        _rows = new SideSolver<TKernel>(problem, SideKind.Rows);
        _columns = new SideSolver<TKernel>(problem, SideKind.Columns);
    }

    /// <summary>Fits and quantises. Returns the model in units of its grid, states on the grid.</summary>
    public static (DistanceModel Model, DistanceGrid Grid, bool Converged, int Sweeps) Run(
        DistanceProblem problem, DynPlan plan, int seed, IProgress<double>? progress, CancellationToken cancellation)
    {
        (int heads, int stateDim) = (plan.Heads, plan.StateDim);
        double coordinates = (double)heads * stateDim;
        double perPair = (coordinates * coordinates) + (12 * coordinates) + (40 * heads);
        double perSweep = perPair * problem.Rows * problem.Columns
            * (problem.Weight.IsFull ? 1 + (2.0 * problem.Rows / coordinates) : 1);
        int budget = (int)Math.Clamp(plan.Seconds * ReferenceRate / perSweep, MinSweeps, MaxSweeps);
        DistanceFit<TKernel> fit = new(problem, budget, plan.StateBits, progress, cancellation);
        Random random = new(seed);
        DistanceModel model = fit.BestStart(heads, stateDim, random);
        bool converged = fit.SweepWithPrior(model, null, null, (int)(ContinuousShare * budget));
        DistanceGrid grid = fit.Quantise(model, plan.StateBits, random, out bool settled);
        return (model, grid, converged && settled, fit._swept);
    }

    private DistanceModel BestStart(int heads, int stateDim, Random random)
    {
        DistanceModel? best = null;
        double min = double.PositiveInfinity;
        int sweeps = Math.Min(StartSweeps, _budget / 6);
        foreach (double radius in TKernel.Radii)
        {
            DistanceModel model =
                DistanceStart.Create<TKernel>(_problem, heads, stateDim, radius, random, _cancellation);
            DistanceFit<TKernel> trial = new(_problem, _budget, _bits, null, _cancellation);
            _ = trial.SweepWithPrior(model, null, null, sweeps);
            _swept += trial._swept;
            double cost = trial.Measure(model, trial.Prior(model));
            if (cost < min || best is null)
            {
                (best, min) = (model, cost);
            }
        }

        return best!;
    }

    /// <summary>Continuous sweeps; the prior follows the model.</summary>
    private bool SweepWithPrior(DistanceModel model, GridBox? rowBox, GridBox? columnBox, int until)
    {
        bool stalled = false;
        while (_swept < until && !stalled)
        {
            int before = _swept;
            stalled = Sweep(
                model,
                new DampedStep(rowBox),
                new DampedStep(columnBox),
                Prior(model),
                Math.Min(until, _swept + PriorSweeps)) && _swept - before <= StallSweeps + 1;
        }

        return stalled;
    }

    private RoundingPrior Prior(DistanceModel model)
    {
        CurvatureProbe probe = new(_problem.Rows, model.Heads);
        _rows.Sweep(model, probe, null, _cancellation);
        return new RoundingPrior(model, probe.OfHeads(_problem.Weight), _bits);
    }

    private double Measure(DistanceModel model, RoundingPrior? prior) =>
        LinearTerms<TKernel>.Cost(_problem, model, _cancellation) + (prior?.Energy(model) ?? 0);

    /// <summary>
    /// Rows, columns, lambda and beta in turn, until the sweeps are spent (false) or a few in a row gain nothing
    /// (true).
    /// </summary>
    private bool Sweep(DistanceModel model, IItemStep rowStep, IItemStep columnStep, RoundingPrior? prior, int until)
    {
        double cost = Measure(model, prior);
        Extrapolation? extrapolation = rowStep is DampedStep { IsFree: true } ? new Extrapolation(model) : null;
        int stalled = 0;
        while (stalled < StallSweeps)
        {
            if (_swept >= until)
            {
                return false;
            }

            _rows.Sweep(model, rowStep, prior, _cancellation);
            _columns.Sweep(model, columnStep, prior, _cancellation);
            double next = LinearTerms<TKernel>.Solve(_problem, model, prior, _cancellation);
            next = extrapolation?.Try(model, next, trial => Measure(trial, prior)) ?? next;
            stalled = cost - next > StallGain * cost ? 0 : stalled + 1;
            cost = next;
            _swept++;
            _progress?.Report(Math.Min(1, (double)_swept / _budget));
        }

        return true;
    }

    private DistanceGrid Quantise(DistanceModel model, int bits, Random random, out bool settled)
    {
        CurvatureProbe rowCurvature = new(_problem.Rows, model.Heads);
        CurvatureProbe columnCurvature = new(_problem.Columns, model.Heads);
        _rows.Sweep(model, rowCurvature, null, _cancellation);
        _columns.Sweep(model, columnCurvature, null, _cancellation);
        DistanceGrid grid =
            DistanceGrid.Apply<TKernel>(model, bits, rowCurvature.Curvature, columnCurvature.Curvature, random);
        GridBox rowBox = new(new float[model.Coordinates], grid.Top);
        GridBox columnBox = new(grid.Offset, grid.Top);
        grid.Cut(model);
        _ = LinearTerms<TKernel>.Solve(_problem, model, null, _cancellation);
        _ = SweepWithPrior(model, rowBox, columnBox, _swept + Math.Max(MinSweeps, _budget / 8));

        _rows.Sweep(model, new IntegerStep(rowBox), null, _cancellation);
        for (int i = 0; i < SettlingSweeps; i++)
        {
            _columns.Sweep(model, new DampedStep(columnBox), null, _cancellation);
            _ = LinearTerms<TKernel>.Solve(_problem, model, null, _cancellation);
        }

        _columns.Sweep(model, new IntegerStep(columnBox), null, _cancellation);
        _ = LinearTerms<TKernel>.Solve(_problem, model, null, _cancellation);
        _swept += 2;
        settled = Sweep(
            model, new IntegerStep(rowBox), new IntegerStep(columnBox), null, Math.Max(_budget, _swept + MinSweeps));
        return grid;
    }
}

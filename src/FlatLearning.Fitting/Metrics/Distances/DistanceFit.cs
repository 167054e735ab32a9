using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Fits a metric of distances: several starts for a few sweeps, the best one until it stalls, then rows and columns are put on the grid, each with the other
/// side solved against what was rounded, and refined there. docs/derivations/dyn-l2.md.
/// </summary>
internal sealed class DistanceFit<TKernel>
    where TKernel : struct, IDistanceKernel
{
    /// <summary>Multiply-adds per second that <see cref="FitOptions.MetricSeconds"/> is converted with.</summary>
    private const double ReferenceRate = 5e9;

    private const int LeastSweeps = 12;
    private const int MostSweeps = 400;
    private const int StartSweeps = 8;
    private const double ContinuousShare = 0.75;
    private const double StallGain = 2e-4;
    private const int StallSweeps = 4;
    private const int SettlingSweeps = 3;

    private readonly DistanceProblem _problem;
    private readonly SideSolver<TKernel> _rows;
    private readonly SideSolver<TKernel> _columns;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly int _budget;
    private int _swept;

    private DistanceFit(DistanceProblem problem, int budget, IProgress<double>? progress, CancellationToken cancellation)
    {
        (_problem, _budget, _progress, _cancellation) = (problem, budget, progress, cancellation);
        _rows = new SideSolver<TKernel>(problem, SideKind.Rows);
        _columns = new SideSolver<TKernel>(problem, SideKind.Columns);
    }

    /// <summary>Fits and quantises. Returns the model in units of its grid, states on the grid.</summary>
    public static (DistanceModel Model, DistanceGrid Grid, bool Converged, int Sweeps) Run(
        DistanceProblem problem, int heads, int stateDim, FitOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        double coordinates = (double)heads * stateDim;
        double perPair = (coordinates * coordinates) + (12 * coordinates) + (40 * heads);
        double perSweep = perPair * problem.Rows * problem.Columns * (problem.Weight.IsFull ? 1 + (2.0 * problem.Rows / coordinates) : 1);
        int budget = (int)Math.Clamp(options.MetricSeconds * ReferenceRate / perSweep, LeastSweeps, MostSweeps);
        DistanceFit<TKernel> fit = new(problem, budget, progress, cancellation);
        Random random = new(options.Seed);
        DistanceModel model = fit.BestStart(heads, stateDim, random);
        bool converged = fit.Sweep(model, new DampedStep(), new DampedStep(), (int)(ContinuousShare * budget));
        DistanceGrid grid = fit.Quantise(model, options.StateBits, random, out bool settled);
        return (model, grid, converged && settled, fit._swept);
    }

    private DistanceModel BestStart(int heads, int stateDim, Random random)
    {
        DistanceModel? best = null;
        double least = double.PositiveInfinity;
        int sweeps = Math.Min(StartSweeps, _budget / 6);
        foreach (double radius in TKernel.Radii)
        {
            DistanceModel model = DistanceStart.Create<TKernel>(_problem, heads, stateDim, radius, random, _cancellation);
            DistanceFit<TKernel> trial = new(_problem, _budget, null, _cancellation);
            _ = trial.Sweep(model, new DampedStep(), new DampedStep(), sweeps);
            _swept += trial._swept;
            double cost = LinearTerms<TKernel>.Cost(_problem, model, _cancellation);
            if (cost < least || best is null)
            {
                (best, least) = (model, cost);
            }
        }

        return best!;
    }

    /// <summary>Rows, columns, lambda and beta in turn, until the sweeps are spent (false) or a few in a row gain nothing (true).</summary>
    private bool Sweep(DistanceModel model, IItemStep rowStep, IItemStep columnStep, int until)
    {
        double cost = LinearTerms<TKernel>.Cost(_problem, model, _cancellation);
        Extrapolation? extrapolation = rowStep is DampedStep && columnStep is DampedStep ? new Extrapolation(model) : null;
        int stalled = 0;
        while (stalled < StallSweeps)
        {
            if (_swept >= until)
            {
                return false;
            }

            _rows.Sweep(model, rowStep, _cancellation);
            _columns.Sweep(model, columnStep, _cancellation);
            double next = LinearTerms<TKernel>.Solve(_problem, model, _cancellation);
            next = extrapolation?.Try(model, next, trial => LinearTerms<TKernel>.Cost(_problem, trial, _cancellation)) ?? next;
            stalled = cost - next > StallGain * cost ? 0 : stalled + 1;
            cost = next;
            _swept++;
            _progress?.Report(Math.Min(1, (double)_swept / _budget));
        }

        return true;
    }

    private DistanceGrid Quantise(DistanceModel model, int bits, Random random, out bool settled)
    {
        DistanceGrid grid = DistanceGrid.Apply<TKernel>(model, bits, random);
        _ = LinearTerms<TKernel>.Solve(_problem, model, _cancellation);
        IntegerStep rows = new(new float[model.Coordinates], grid.Top);
        IntegerStep columns = new(grid.Offset, grid.Top);
        _rows.Sweep(model, rows, _cancellation);
        for (int i = 0; i < SettlingSweeps; i++)
        {
            _columns.Sweep(model, new DampedStep(), _cancellation);
            _ = LinearTerms<TKernel>.Solve(_problem, model, _cancellation);
        }

        _columns.Sweep(model, columns, _cancellation);
        _ = LinearTerms<TKernel>.Solve(_problem, model, _cancellation);
        _swept += 2;
        settled = Sweep(model, rows, columns, Math.Max(_budget, _swept + LeastSweeps));
        return grid;
    }
}

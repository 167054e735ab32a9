using FlatLearning.Fitting.LeastSquares;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Finds numbers of a RieM metric before they are rounded: several starts, a solve of the best, and other solves where
/// there is time.
/// </summary>
internal static class RiemSearch
{
    /// <summary>What each start gets to show what it is good for.</summary>
    private const double StartShare = 0.06;

    /// <summary>
    /// Measured: the ridge of least error after rounding is 0.7 · 4^-s at s = 8, 0.5 · 4^-s at 6 and 0.12 · 4^-s at 4,
    /// where the later coordinates make up for more.
    /// </summary>
    private const double MaxRidge = 0.7;

    private const double MinRidge = 0.0075;
    private const int RidgeStages = 5;

    /// <summary>Solves after the first.</summary>
    private const int MaxStarts = 12;

    /// <summary>
    /// From nothing; leaves the best in theta, with its ridge set. Ends at <paramref name="untilShare"/> of the budget.
    /// </summary>
    public static SolverSummary Run(RiemStarts starts, RiemSolve solve, int bits, double untilShare)
    {
        ChooseStart(starts, solve, untilShare);
        SolverSummary first = SolveForGrids(solve, bits, untilShare);
        return StartAgain(starts, first, solve, bits, untilShare);
    }

    /// <summary>
    /// Solves for everything, with the ridge that stands for the rounding to come; it follows the curvature in a few
    /// stages.
    /// </summary>
    public static SolverSummary SolveForGrids(RiemSolve solve, int bits, double untilShare)
    {
        double begin = solve.Share;
        for (int i = 1; ; i++)
        {
            solve.Problem.SetRidge(solve.Theta, Ridge(bits));
            SolverSummary summary =
                solve.Run(begin + ((untilShare - begin) * i / RidgeStages), functionTolerance: 2e-6);
            if (i == RidgeStages)
            {
                return summary;
            }
        }
    }

    private static void ChooseStart(RiemStarts starts, RiemSolve solve, double untilShare)
    {
        double begin = solve.Share;
        float[]? best = null;
        double min = double.PositiveInfinity;
        for (int kind = 0; kind < RiemStarts.Kinds; kind++)
        {
            if (!starts.Write(solve.Theta, kind))
            {
                continue;
            }

            double cost =
                solve.Run(begin + ((untilShare - begin) * StartShare * (kind + 1)), functionTolerance: 1e-5).FinalCost;
            if (cost < min)
            {
                (best, min) = (solve.Theta.Span.ToArray(), cost);
            }
        }

        best.CopyTo(solve.Theta.Span);
    }

    /// <summary>
    /// While a whole solve has room in what is left, other starts get one each, and the best of all is kept: minima of
    /// few states differ by a tenth and more.
    /// </summary>
    private static SolverSummary StartAgain(
        RiemStarts starts, SolverSummary best, RiemSolve solve, int bits, double untilShare)
    {
        AlignedFloats theta = solve.Theta;
        double share = solve.Share;
        bool again = best.Status is not (SolverStatus.WorkLimit or SolverStatus.TimeLimit or SolverStatus.CostLimit);
        for (int i = 0; again && i < MaxStarts && solve.Share + share < untilShare; i++)
        {
            float[] kept = theta.Span.ToArray();
            if (!starts.Write(theta, i % RiemStarts.Kinds))
            {
                continue;
            }

            solve.Problem.SetRidge(theta, 0);
            _ = solve.Run(solve.Share + (StartShare * share), functionTolerance: 1e-5);
            SolverSummary summary = SolveForGrids(solve, bits, Math.Min(untilShare, solve.Share + share));
            if (summary.FinalCost < best.FinalCost)
            {
                best = summary with { Status = best.Status };
            }
            else
            {
                kept.CopyTo(theta.Span);
            }
        }

        solve.Problem.SetRidge(theta, Ridge(bits));
        return best;
    }

    private static double Ridge(int bits) => Math.Min(MaxRidge, MinRidge * Math.Pow(2, bits)) * Math.Pow(4, -bits);
}

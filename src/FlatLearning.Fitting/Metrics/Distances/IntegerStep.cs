using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Moves a state on its grid: the minimum of the quadratic model is rounded coordinate by coordinate, the others making
/// up for it (Babai's nearest plane), then improved one coordinate at a time; kept where the true cost is lower, else
/// the most promising single step is tried. A state that is not on the grid yet is put there whatever the cost.
/// </summary>
/// <param name="box">The grid.</param>
internal sealed class IntegerStep(GridBox box) : IItemStep
{
    private const double Floor = 1e-3;
    private const int Rounds = 8;

    /// <summary>
    /// Little damping finds the best roundings where the model holds, much stays close where it does not: all are
    /// tried.
    /// </summary>
    private static ReadOnlySpan<double> Dampings => [1e-4, 1e-2, 1];

    /// <inheritdoc/>
    public void Run(ItemWork work, Span<float> state, ref double damping)
    {
        double before = work.Linearise(state);
        double mean = work.MeanCurvature();
        Span<float> best = work.Best;
        double min = before;
        if (IsOnGrid(state))
        {
            state.CopyTo(best);
        }
        else
        {
            for (int i = 0; i < state.Length; i++)
            {
                best[i] = box.Snap(state[i], i);
            }

            min = work.Cost(best);
        }

        double found = min;
        foreach (double share in Dampings)
        {
            if (mean > 0 && double.IsFinite(mean) && Nearest(work, state, share, mean))
            {
                Descend(work, state);
                double cost = work.Cost(work.Trial);
                if (cost < min)
                {
                    min = cost;
                    work.Trial.CopyTo(best);
                }
            }
        }

        bool failed = min == found && min == before;
        best.CopyTo(state);
        if (failed)
        {
            TrySingle(work, state, before);
        }
    }

    private bool IsOnGrid(ReadOnlySpan<float> state)
    {
        bool isOnGrid = true;
        for (int i = 0; i < state.Length; i++)
        {
            isOnGrid &= state[i] == box.Snap(state[i], i);
        }

        return isOnGrid;
    }

    /// <summary>
    /// Trial = the rounded minimum of the model, from the last coordinate to the first along the Cholesky factor.
    /// </summary>
    private bool Nearest(ItemWork work, ReadOnlySpan<float> state, double damping, double mean)
    {
        int size = state.Length;
        work.Gram.CopyTo(work.Matrix, 0);
        for (int i = 0; i < size; i++)
        {
            work.Matrix[(i * size) + i] += damping * (work.Gram[(i * size) + i] + (Floor * mean));
            work.Vector[i] = -work.Gradient[i];
        }

        if (!Cholesky.Solve(work.Matrix, work.Vector))
        {
            return false;
        }

        // Vector becomes the difference between the chosen and the wanted value of each coordinate.
        for (int i = size - 1; i >= 0; i--)
        {
            double wanted = state[i] + work.Vector[i];
            double pulled = 0;
            for (int j = i + 1; j < size; j++)
            {
                pulled += work.Matrix[(j * size) + i] * work.Vector[j];
            }

            work.Trial[i] = box.Snap(wanted - (pulled / work.Matrix[(i * size) + i]), i);
            work.Vector[i] = work.Trial[i] - wanted;
        }

        return true;
    }

    /// <summary>Coordinate descent on the model cost + 2 gᵀδ + δᵀGδ with δ = Trial - state.</summary>
    private void Descend(ItemWork work, ReadOnlySpan<float> state)
    {
        int size = state.Length;
        for (int i = 0; i < size; i++)
        {
            double slope = work.Gradient[i];
            for (int j = 0; j < size; j++)
            {
                slope += At(work.Gram, size, i, j) * (work.Trial[j] - state[j]);
            }

            work.Vector[i] = slope;
        }

        bool moved = true;
        for (int round = 0; round < Rounds && moved; round++)
        {
            moved = false;
            for (int i = 0; i < size; i++)
            {
                double curvature = work.Gram[(i * size) + i];
                float best = curvature > 0 ? box.Snap(work.Trial[i] - (work.Vector[i] / curvature), i) : work.Trial[i];
                double change = best - work.Trial[i];
                if (change == 0 || (2 * change * work.Vector[i]) + (change * change * curvature) >= 0)
                {
                    continue;
                }

                moved = true;
                work.Trial[i] = best;
                for (int j = 0; j < size; j++)
                {
                    work.Vector[j] += At(work.Gram, size, j, i) * change;
                }
            }
        }
    }

    private void TrySingle(ItemWork work, Span<float> state, double cost)
    {
        int size = state.Length;
        (int best, float value, double min) = (-1, 0, 0);
        for (int i = 0; i < size; i++)
        {
            float moved = box.Snap(state[i] - Math.Sign(work.Gradient[i]), i);
            double change = moved - state[i];
            double gain = (2 * change * work.Gradient[i]) + (change * change * work.Gram[(i * size) + i]);
            if (gain < min)
            {
                (best, value, min) = (i, moved, gain);
            }
        }

        if (best >= 0)
        {
            float old = state[best];
            state[best] = value;
            if (!(work.Cost(state) < cost))
            {
                state[best] = old;
            }
        }
    }

    private static double At(double[] lower, int size, int i, int j) => lower[(Math.Max(i, j) * size) + Math.Min(i, j)];
}

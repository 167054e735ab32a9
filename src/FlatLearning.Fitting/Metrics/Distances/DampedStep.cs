using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// One Levenberg-Marquardt step: (JᵀMJ + damping · D) step = -JᵀMe, kept where it lowers the cost. D is the diagonal,
/// never far below its mean.
/// </summary>
/// <param name="box">What the state is cut to, or null.</param>
internal sealed class DampedStep(GridBox? box) : IItemStep
{
    private const double Floor = 1e-3;
    private const double MinDamping = 1e-7;
    private const double MaxDamping = 1e8;
    private const int Attempts = 4;

    /// <summary>Whether states are not cut.</summary>
    public bool IsFree => box is null;

    /// <inheritdoc/>
    public void Run(ItemWork work, Span<float> state, ref double damping)
    {
        double cost = work.Linearise(state);
        double mean = work.MeanCurvature();
        if (!(mean > 0) || !(cost > 0))
        {
            return;
        }

        int size = state.Length;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            work.Gram.CopyTo(work.Matrix, 0);
            for (int i = 0; i < size; i++)
            {
                work.Matrix[(i * size) + i] += damping * (work.Gram[(i * size) + i] + (Floor * mean));
                work.Vector[i] = -work.Gradient[i];
            }

            if (Cholesky.Solve(work.Matrix, work.Vector))
            {
                for (int i = 0; i < size; i++)
                {
                    double moved = state[i] + work.Vector[i];
                    work.Trial[i] = (float)(box is null ? moved : box.Clamp(moved, i));
                }

                if (work.Cost(work.Trial) < cost)
                {
                    work.Trial.CopyTo(state);
                    damping = Math.Max(damping / 4, MinDamping);
                    return;
                }
            }

            damping = Math.Min(damping * 6, MaxDamping);
        }
    }
}

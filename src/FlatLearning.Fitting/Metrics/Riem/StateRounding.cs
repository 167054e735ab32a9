using System.Runtime.Intrinsics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Moves sixteen states at once onto their grids so that gradientᵀ δ + δᵀ H δ / 2 becomes small: rounding in turn, what
/// one coordinate loses being made up for by those that are still free, then sweeps over single coordinates on the
/// grid. Source: successive rounding on a lattice (Babai, 1986).
/// </summary>
internal static unsafe class StateRounding
{
    private const int Lanes = RiemShape.Lanes;
    private const int Sweeps = 4;

    /// <summary>Rounds one block of states.</summary>
    /// <param name="states">[d, 16]: in, anywhere; out, on the grid.</param>
    /// <param name="gradient">[d, 16] at the states that come in; out, at those that go out, by the quadratic
    /// model.</param>
    /// <param name="matrix">H, [Size(d), 16].</param>
    /// <param name="factor">Cholesky factor of H plus damping, [Size(d), 16]; null where the states already are on the
    /// grid and are only to be improved.</param>
    /// <param name="grids">One per coordinate.</param>
    /// <param name="first">Coordinates before it are free: they stay off the grid, where the others want them.</param>
    /// <param name="end">Coordinates from here on are on the grid and stay there.</param>
    /// <param name="deltas">Room for [d, 16].</param>
    /// <returns>Whether a state was moved.</returns>
    public static bool Round(
        float* states, float* gradient, float* matrix, float* factor, ReadOnlySpan<StateGrid> grids, int first,
        int end, float* deltas)
    {
        int d = grids.Length;
        bool moved = false;
        if (factor is not null)
        {
            Successively(states, gradient, matrix, factor, grids, first, end, deltas);
            moved = true;
        }

        for (int sweep = 0; sweep < Sweeps && first == 0; sweep++)
        {
            bool changed = false;
            for (int i = 0; i < end; i++)
            {
                Vector512<float> curvature = Vector512.Load(matrix + ((LaneCholesky.Size(i) + i) * Lanes));
                Vector512<float> state = Vector512.Load(states + (i * Lanes));
                Vector512<float> wanted = state - (Vector512.Load(gradient + (i * Lanes)) / curvature);
                Vector512<float> delta = Vector512.ConditionalSelect(
                    Vector512.GreaterThan(curvature, Vector512<float>.Zero), OnGrid(wanted, grids[i]) - state,
                    Vector512<float>.Zero);

                // Rounding of the sums alone must not make states wander.
                delta = Vector512.ConditionalSelect(
                    Vector512.GreaterThan(Vector512.Abs(delta), Vector512.Create(0.5f * grids[i].Step)), delta,
                    Vector512<float>.Zero);
                if (delta == Vector512<float>.Zero)
                {
                    continue;
                }

                changed = moved = true;
                (state + delta).Store(states + (i * Lanes));
                AddColumn(gradient, matrix, delta, i, d);
            }

            if (!changed)
            {
                break;
            }
        }

        return moved;
    }

    /// <summary>
    /// From the last coordinate to the first: each goes to the grid point nearest to where the coordinates behind it
    /// want it.
    /// </summary>
    private static void Successively(
        float* states, float* gradient, float* matrix, float* factor, ReadOnlySpan<StateGrid> grids, int first,
        int end, float* deltas)
    {
        int d = grids.Length;

        // The minimum of the model, as a step from the states that came in.
        for (int i = 0; i < d; i++)
        {
            (-Vector512.Load(gradient + (i * Lanes))).Store(deltas + (i * Lanes));
        }

        LaneCholesky.Solve(factor, deltas, d);
        for (int i = d - 1; i >= 0; i--)
        {
            if (i >= end)
            {
                // The factor holds these: the minimum is where they are.
                Vector512<float>.Zero.Store(deltas + (i * Lanes));
                continue;
            }

            // deltas[j], j > i, now hold how far state j lies from its minimum.
            Vector512<float> pull = default;
            for (int j = i + 1; j < d; j++)
            {
                pull = Vector512.FusedMultiplyAdd(
                    Vector512.Load(factor + ((LaneCholesky.Size(j) + i) * Lanes)),
                    Vector512.Load(deltas + (j * Lanes)),
                    pull);
            }

            Vector512<float> minimum = Vector512.Load(states + (i * Lanes)) + Vector512.Load(deltas + (i * Lanes));
            Vector512<float> wanted = minimum - (pull * Vector512.Load(factor + ((LaneCholesky.Size(i) + i) * Lanes)));
            Vector512<float> state = i < first ? wanted : OnGrid(wanted, grids[i]);
            (state - minimum).Store(deltas + (i * Lanes));
            Vector512<float> step = state - Vector512.Load(states + (i * Lanes));
            state.Store(states + (i * Lanes));
            AddColumn(gradient, matrix, step, i, d);
        }
    }

    private static Vector512<float> OnGrid(Vector512<float> value, StateGrid grid)
    {
        if (!(grid.Step > 0))
        {
            return Vector512.Create(grid.Minimum);
        }

        Vector512<float> code = Vector512.Round((value - Vector512.Create(grid.Minimum)) / Vector512.Create(grid.Step));
        code = Vector512.Min(Vector512.Max(code, Vector512<float>.Zero), Vector512.Create(grid.Levels - 1f));
        return (code * Vector512.Create(grid.Step)) + Vector512.Create(grid.Minimum);
    }

    /// <summary>gradient += H[:, i] · delta.</summary>
    private static void AddColumn(float* gradient, float* matrix, Vector512<float> delta, int i, int d)
    {
        float* row = matrix + (LaneCholesky.Size(i) * Lanes);
        for (int j = 0; j < d; j++)
        {
            float* element = j <= i ? row + (j * Lanes) : matrix + ((LaneCholesky.Size(j) + i) * Lanes);
            Vector512.FusedMultiplyAdd(delta, Vector512.Load(element), Vector512.Load(gradient + (j * Lanes)))
                .Store(gradient + (j * Lanes));
        }
    }
}

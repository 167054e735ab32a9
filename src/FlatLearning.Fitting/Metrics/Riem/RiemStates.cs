using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Takes the unknowns of a RieM fit to the numbers that are stored: states to grids of s bits, A, c, v and beta to 16
/// bits. What has been rounded is held fixed, and everything else solved again: docs/derivations/riem-quantisation.md.
/// </summary>
internal sealed unsafe class RiemStates(RiemField field, RiemProblem problem, int bits)
{
    private const double RoundingDamping = 1e-4;

    /// <summary>What a coordinate that is on its grid adds to its diagonal, so that it does not move.</summary>
    private const float Held = 1e25f;

    private readonly RiemShape _shape = field.Shape;

    /// <summary>Grids of the row states [d].</summary>
    public StateGrid[] RowGrids { get; } = new StateGrid[field.Shape.StateDim];

    /// <summary>Grids of the column states [d].</summary>
    public StateGrid[] ColumnGrids { get; } = new StateGrid[field.Shape.StateDim];

    /// <summary>
    /// Puts coordinates <paramref name="first"/> to <paramref name="end"/> - 1 of one side on new grids, each making up
    /// for what others lost, and holds them there. Coordinates from <paramref name="end"/> on were put there before.
    /// Returns the cost.
    /// </summary>
    public double Quantise(AlignedFloats theta, bool rows, int first, int end)
    {
        RiemBlocks blocks = problem.Blocks(rows);
        int offset = rows ? 0 : _shape.Q;
        int count = rows ? _shape.Rows : _shape.Columns;
        StateGrid[] grids = rows ? RowGrids : ColumnGrids;
        using AlignedFloats gradient = new(_shape.Length);
        _ = field.Gradient(theta, gradient);
        blocks.Compute(field, 1);
        using AlignedFloats diagonal = new(rows ? _shape.Q : _shape.A - _shape.Q);
        blocks.CopyDiagonal(diagonal.Pointer);
        float[] line = new float[count];
        float[] weights = new float[count];
        for (int i = first; i < _shape.StateDim; i++)
        {
            for (int k = 0; k < count; k++)
            {
                int at = _shape.State(k, i);
                line[k] = theta.Span[offset + at];
                weights[k] = diagonal.Span[at];
                diagonal.Span[at] = i < end ? (float)RoundingDamping * weights[k] : Held;
                problem.Free[offset + at] = 0;
            }

            if (i < end)
            {
                grids[i] = StateGrid.Fitted(line, weights, bits);
            }
        }

        for (int i = 0; i < first; i++)
        {
            for (int k = 0; k < count; k++)
            {
                diagonal.Span[_shape.State(k, i)] *= (float)RoundingDamping;
            }
        }

        blocks.Factorise(diagonal.Pointer, 1f);
        _ = blocks.Round(theta.Pointer + offset, gradient.Pointer + offset, grids, first, end, fromFree: true);
        return field.Cost(theta);
    }

    /// <summary>
    /// Moves states of one side on their grid where that lowers the cost. Returns the cost; theta is as before where
    /// nothing was gained.
    /// </summary>
    public double Refine(AlignedFloats theta, bool rows, double cost)
    {
        RiemBlocks blocks = problem.Blocks(rows);
        int offset = rows ? 0 : _shape.Q;
        Span<float> states = rows ? theta.Span[.._shape.Q] : theta.Span[_shape.Q.._shape.A];
        float[] old = states.ToArray();
        using AlignedFloats gradient = new(_shape.Length);
        _ = field.Gradient(theta, gradient);
        blocks.Compute(field, 1);
        if (!blocks.Round(
            theta.Pointer + offset, gradient.Pointer + offset, rows ? RowGrids : ColumnGrids, 0, _shape.StateDim,
            fromFree: false))
        {
            return cost;
        }

        double after = field.Cost(theta);
        if (after < cost)
        {
            return after;
        }

        old.CopyTo(states);
        return field.Cost(theta);
    }

    /// <summary>Rounds A and c to 16 bits and holds them there. Returns the cost.</summary>
    public double RoundFeatures(AlignedFloats theta)
    {
        Half16(theta.Span[_shape.A.._shape.V]);
        problem.Free[_shape.A.._shape.V].Clear();
        return field.Cost(theta);
    }

    private static void Half16(Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = (float)(Half)Math.Clamp(value, -60000f, 60000f);
        }
    }
}

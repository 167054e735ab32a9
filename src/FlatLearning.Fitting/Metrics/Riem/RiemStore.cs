using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>Takes a solved fit to the numbers that are stored: docs/derivations/riem-quantisation.md.</summary>
internal static class RiemStore
{
    private const int Refinements = 6;
    private const double RefinementGain = 1e-4;

    /// <summary>float16 has 11 bits down to 6e-5, and less below.</summary>
    private const float MinHalf = 1e-3f;

    private const float MaxHalf = 60000f;

    /// <summary>
    /// Coordinates go to their grids in groups, more of them the coarser the grids; the rest is solved again in
    /// between.
    /// </summary>
    public static ParameterType Run(
        RiemStates states, RiemSolve solve, RiemField field, int bits, Normalisation normal, double fromShare)
    {
        RiemShape shape = field.Shape;
        RiemProblem problem = solve.Problem;
        AlignedFloats theta = solve.Theta;
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
                _ = solve.Run(fromShare + ((1 - fromShare) * ++stage / stages), functionTolerance: 1e-4);
            }
        }

        problem.SetRidge(theta, 0);
        double cost = states.RoundFeatures(theta);
        cost = problem.Improve(theta, cost);
        cost = Refine(states, theta, cost);
        cost = problem.Improve(theta, cost);
        ParameterType type = RoundLinear(shape, theta, normal);
        _ = Refine(states, theta, field.Cost(theta));
        return type;
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

    /// <summary>
    /// Rounds v and beta to what is stored: 16 bits, unless they are too large or too small for them.
    /// </summary>
    private static ParameterType RoundLinear(RiemShape shape, AlignedFloats theta, Normalisation normal)
    {
        Span<float> linear = theta.Span[shape.V..];
        float largest = 0;
        for (int i = 0; i < linear.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(normal.Linear(linear[i], isConstant: i == shape.Width)));
        }

        if (!float.IsFinite(largest))
        {
            // Terms that cancel can be larger than any float32 where the matrix nearly is: its mean alone.
            linear.Clear();
            return ParameterType.Float32;
        }

        if (!(largest >= MinHalf && largest <= MaxHalf))
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

    /// <summary>The metric with states that are on their grids.</summary>
    public static RiemMetric Pack(
        RiemShape shape, AlignedFloats theta, RiemStates states, int bits, Normalisation normal, ParameterType type)
    {
        int d = shape.StateDim;
        float[] range = new float[4 * d];
        byte[] rowCodes = Codes(theta.Span[..shape.Q], shape.Rows, shape, states.RowGrids, range.AsSpan(0, 2 * d));
        byte[] columnCodes =
            Codes(theta.Span[shape.Q..shape.A], shape.Columns, shape, states.ColumnGrids, range.AsSpan(2 * d));
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
        return new RiemMetric(
            packed, new ParameterTensor(parameters, [parameters.Length], type), shape.Shifts, shape.Width);
    }

    /// <summary>Codes [d, count] of states that are on their grids, and minimum [d] and step [d].</summary>
    private static byte[] Codes(
        ReadOnlySpan<float> states, int count, RiemShape shape, StateGrid[] grids, Span<float> range)
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
}

using FlatLearning.Fitting.Gradients;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Checks the products of <see cref="RiemField"/> against the formula of the metric in double precision.
/// </summary>
internal static class RiemGradientCheck
{
    /// <summary>Every group of unknowns, at a start for the first rows and columns of the target.</summary>
    public static IReadOnlyList<GradientReport> Run(MetricTarget whole, RiemPlan plan, FitOptions options)
    {
        MetricTarget target = CornerOf.Target(whole);
        RiemShape shape = RiemSizes.Choose(whole.Rows, whole.Columns, plan);
        shape = new RiemShape(target.Rows, target.Columns, shape.StateDim, shape.Shifts, shape.Width);
        Random random = new(options.Seed);
        using AlignedFloats theta = new(shape.Length);
        using RiemField field = new(shape, target.Values.Span, target.Hessian, target.Workers);
        _ = new RiemStarts(field, options.Seed).Write(theta, RiemStarts.AnyShape);
        using AlignedFloats gradient = new(shape.Length);
        using AlignedFloats direction = new(shape.Length);
        using AlignedFloats product = new(shape.Length);
        _ = field.Gradient(theta, gradient);
        (string Name, int Begin, int End)[] groups =
        [
            ("row states", 0, shape.Q), ("column states", shape.Q, shape.A), ("A", shape.A, shape.C),
            ("c", shape.C, shape.V), ("v", shape.V, shape.Beta), ("beta", shape.Beta, shape.Length),
        ];
        List<GradientReport> reports = [];
        foreach ((string name, int begin, int end) in groups)
        {
            direction.Clear();
            DirectionCheck.Direction(end - begin, random).CopyTo(direction.Span[begin..]);
            ClearPadding(shape, direction.Span);
            field.GaussNewton(direction, product);
            float[] moved = direction.Span.ToArray();
            float[] point = theta.Span.ToArray();
            reports.Add(DirectionCheck.Run(
                name,
                step => Residuals(
                    shape,
                    Array.ConvertAll(Enumerable.Range(0, point.Length).ToArray(), i => point[i] + (step * moved[i])),
                    target),
                Dot.InDouble(gradient.Span, direction.Span),
                Dot.InDouble(product.Span, direction.Span)));
        }

        return reports;
    }

    private static void ClearPadding(RiemShape shape, Span<float> direction)
    {
        for (int i = 0; i < shape.StateDim; i++)
        {
            for (int k = shape.Rows; k < shape.RowBlocks * RiemShape.Lanes; k++)
            {
                direction[shape.State(k, i)] = 0;
            }

            for (int n = shape.Columns; n < shape.ColumnBlocks * RiemShape.Lanes; n++)
            {
                direction[shape.Q + shape.State(n, i)] = 0;
            }
        }
    }

    /// <summary>From the definition, term by term.</summary>
    private static double[] Residuals(RiemShape s, double[] theta, MetricTarget target)
    {
        double[] residuals = new double[s.Rows * s.Columns];
        for (int f = 0; f < s.Features; f++)
        {
            double[] a = Arguments(s.Rows, 0, 0);
            double[] b = Arguments(s.Columns, s.Q, s.ShiftOf(f));
            for (int i = 0; i < residuals.Length; i++)
            {
                residuals[i] += theta[s.V + (f / s.Shifts)]
                    / (1 + Math.Exp(-(a[i / s.Columns] + b[i % s.Columns] + theta[s.C + f])));
            }

            double[] Arguments(int count, int states, int shift)
            {
                double[] sums = new double[count];
                for (int k = 0; k < count; k++)
                {
                    for (int i = 0; i < s.StateDim; i++)
                    {
                        sums[k] +=
                            theta[s.A + (f * s.StateDim) + i] * theta[states + s.State(k, (i + shift) % s.StateDim)];
                    }
                }

                return sums;
            }
        }

        for (int i = 0; i < residuals.Length; i++)
        {
            residuals[i] =
                (residuals[i] + theta[s.Beta] - target.Values.Span[i]) * Math.Sqrt(target.Hessian.At(i / s.Columns));
        }

        return residuals;
    }
}

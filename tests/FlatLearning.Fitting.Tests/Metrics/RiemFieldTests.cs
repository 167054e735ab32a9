using FlatLearning.Fitting.LeastSquares;
using FlatLearning.Fitting.Metrics.Riem;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Tests.Metrics;

/// <summary>
/// The field against a model in double precision that is written straight from the formula, and against central
/// differences of it.
/// </summary>
public class RiemFieldTests
{
    /// <summary>float32 sums over a few thousand terms.</summary>
    private const double Tolerance = 3e-4;

    private static readonly RiemShape Tall = new(139, 21, 7, 3, 5);
    private static readonly RiemShape Wide = new(21, 235, 7, 3, 5);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void CostAndGradient_RandomPoint_AreThoseOfTheFormula(bool wide, int weightKind)
    {
        RiemShape shape = wide ? Wide : Tall;
        float[] target = Samples.Gaussian(shape.Rows, shape.Columns, seed: 5);
        Hessian weight = Weight(shape.Rows, weightKind);
        using RiemField field = new(shape, target, weight, new ThreadWorkers(2));
        using AlignedFloats theta = Free(shape, new Random(3));
        using AlignedFloats gradient = new(shape.Length);
        double cost = field.Gradient(theta, gradient);
        double[] point = Array.ConvertAll(theta.Span.ToArray(), value => (double)value);
        double expectedCost = Cost(shape, point, target, weight);
        Assert.True(Math.Abs(cost - expectedCost) < 1e-5 * expectedCost, $"{cost} against {expectedCost}");
        Assert.True(Math.Abs(field.Cost(theta) - expectedCost) < 1e-5 * expectedCost);
        double scale = gradient.Span.ToArray().Max(Math.Abs);
        foreach (int i in Picks(shape))
        {
            double expected = IsPadding(shape, i) ? 0 : (Moved(i, 1e-5) - Moved(i, -1e-5)) / 2e-5;
            Assert.True(
                Math.Abs(gradient.Span[i] - expected) < Tolerance * scale,
                $"unknown {i}: {gradient.Span[i]} against {expected}");
        }

        double Moved(int unknown, double step)
        {
            double[] moved = (double[])point.Clone();
            moved[unknown] += step;
            return Cost(shape, moved, target, weight);
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void GaussNewton_RandomDirections_IsTheInnerProductOfDirectionalDerivatives(bool wide, int weightKind)
    {
        RiemShape shape = wide ? Wide : Tall;
        float[] target = Samples.Gaussian(shape.Rows, shape.Columns, seed: 5);
        Hessian weight = Weight(shape.Rows, weightKind);
        using RiemField field = new(shape, target, weight, ThreadWorkers.Single);
        using AlignedFloats theta = Free(shape, new Random(3));
        using AlignedFloats first = Free(shape, new Random(4));
        using AlignedFloats second = Free(shape, new Random(5));
        using AlignedFloats product = new(shape.Length);
        _ = field.Cost(theta);
        field.GaussNewton(first, product);
        double found = Dot.InDouble(product.Span, second.Span);
        double[] left = Derivative(first);
        double[] right = Derivative(second);
        double expected = (weight.Energy(Sum(left, right, 1), shape.Columns)
            - weight.Energy(Sum(left, right, -1), shape.Columns)) / 4;
        double size = Math.Sqrt(weight.Energy(left, shape.Columns) * weight.Energy(right, shape.Columns));
        Assert.True(Math.Abs(found - expected) < Tolerance * size, $"{found} against {expected}");

        double[] Derivative(AlignedFloats direction)
        {
            const double Step = 1e-5;
            double[] ahead = Residuals(
                shape, [.. theta.Span.ToArray().Zip(direction.Span.ToArray(), (t, d) => t + (Step * d))], target);
            double[] behind = Residuals(
                shape, [.. theta.Span.ToArray().Zip(direction.Span.ToArray(), (t, d) => t - (Step * d))], target);
            return [.. ahead.Zip(behind, (a, b) => (a - b) / (2 * Step))];
        }

        static double[] Sum(double[] a, double[] b, double sign) => [.. a.Zip(b, (x, y) => x + (sign * y))];
    }

    [Fact]
    public void Products_OneAndThreeThreads_AreTheSameBits()
    {
        float[] target = Samples.Gaussian(Tall.Rows, Tall.Columns, seed: 5);
        using RiemField one = new(Tall, target, Hessian.Identity, ThreadWorkers.Single);
        using RiemField three = new(Tall, target, Hessian.Identity, new ThreadWorkers(3));
        using AlignedFloats theta = Free(Tall, new Random(3));
        using AlignedFloats a = new(Tall.Length);
        using AlignedFloats b = new(Tall.Length);
        Assert.Equal(one.Gradient(theta, a), three.Gradient(theta, b));
        Assert.Equal(a.Span.ToArray(), b.Span.ToArray());
    }

    [Fact]
    public void Improve_AnyStates_LeavesNoGradientInTheLinearUnknowns()
    {
        float[] target = Samples.Gaussian(Tall.Rows, Tall.Columns, seed: 5);
        using RiemField field = new(Tall, target, Hessian.Identity, ThreadWorkers.Single);
        using RiemProblem problem = new(field, ThreadWorkers.Single);
        using AlignedFloats theta = Free(Tall, new Random(3));
        double before = field.Cost(theta);
        double after = problem.Improve(theta, before);
        Assert.True(after < before);
        using AlignedFloats gradient = new(Tall.Length);
        _ = field.Gradient(theta, gradient);
        Assert.All(gradient.Span[Tall.V..].ToArray(), value => Assert.True(Math.Abs(value) < 2e-2, $"{value}"));
    }

    private static IEnumerable<int> Picks(RiemShape shape) =>
        Enumerable.Range(0, 60).Select(i => i * 37 % shape.A).Concat(Enumerable.Range(shape.A, shape.Length - shape.A));

    private static Hessian Weight(int rows, int kind)
    {
        Random random = new(9);
        double[] values = [.. Enumerable.Range(0, rows).Select(_ => 0.2 + random.NextDouble())];
        if (kind == 0)
        {
            return Hessian.Identity;
        }

        if (kind == 1)
        {
            return Hessian.Diagonal(values);
        }

        double[] full = new double[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                full[(i * rows) + j] = Math.Sqrt(values[i] * values[j]) * Math.Exp(-Math.Abs(i - j) / 3.0);
            }
        }

        return Hessian.Full(full, rows);
    }

    private static AlignedFloats Free(RiemShape shape, Random random)
    {
        AlignedFloats theta = new(shape.Length);
        for (int i = 0; i < theta.Length; i++)
        {
            theta.Span[i] = IsPadding(shape, i) ? 0 : (float)(random.NextDouble() - 0.5);
        }

        return theta;
    }

    private static bool IsPadding(RiemShape shape, int i)
    {
        int at = i < shape.Q ? i : i - shape.Q;
        int item = (at / (RiemShape.Lanes * shape.StateDim) * RiemShape.Lanes) + (at % RiemShape.Lanes);
        return i < shape.A && item >= (i < shape.Q ? shape.Rows : shape.Columns);
    }

    private static double Cost(RiemShape shape, double[] point, float[] target, Hessian weight) =>
        weight.Energy(Residuals(shape, point, target), shape.Columns) / 2;

    private static double[] Residuals(RiemShape s, double[] theta, float[] target)
    {
        double[] residuals = new double[target.Length];
        for (int k = 0; k < s.Rows; k++)
        {
            for (int n = 0; n < s.Columns; n++)
            {
                double value = theta[s.Beta];
                for (int r = 0; r < s.Shifts; r++)
                {
                    int shift = r * s.StateDim / s.Shifts;
                    for (int m = 0; m < s.Width; m++)
                    {
                        int f = (m * s.Shifts) + r;
                        double argument = theta[s.C + f];
                        for (int i = 0; i < s.StateDim; i++)
                        {
                            argument += theta[s.A + (f * s.StateDim) + i]
                                * (theta[s.State(k, i)] + theta[s.Q + s.State(n, (i + shift) % s.StateDim)]);
                        }

                        value += theta[s.V + m] / (1 + Math.Exp(-argument));
                    }
                }

                residuals[(k * s.Columns) + n] = value - target[(k * s.Columns) + n];
            }
        }

        return residuals;
    }
}

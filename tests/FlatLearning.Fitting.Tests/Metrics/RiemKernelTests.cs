using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Tests.Metrics;

/// <summary>The kernel against a model in double precision that is written straight from the formula, and against central differences of it.</summary>
public class RiemKernelTests
{
    /// <summary>float32 sums over a few thousand terms.</summary>
    private const double Tolerance = 2e-4;

    private static readonly RiemShape Shape = new(21, 35, 7, 3, 5);

    [Fact]
    public void Evaluate_RandomPoint_HasTheResidualsOfTheFormula()
    {
        (RiemKernel kernel, float[] theta, float[] target) = Make();
        double half = kernel.Evaluate(theta);
        double[] expected = Residuals(Array.ConvertAll(theta, value => (double)value), target);
        double sum = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double found = kernel.Residuals[(i / Shape.Columns * Shape.PaddedColumns) + (i % Shape.Columns)];
            Assert.True(Math.Abs(found - expected[i]) < 1e-5 * (1 + Math.Abs(expected[i])));
            sum += expected[i] * expected[i];
        }

        Assert.True(Math.Abs(half - (sum / 2)) < 1e-5 * sum);
    }

    [Fact]
    public void Transposed_Residuals_IsTheGradientByCentralDifferences()
    {
        (RiemKernel kernel, float[] theta, float[] target) = Make();
        _ = kernel.Evaluate(theta);
        float[] gradient = new float[Shape.Length];
        kernel.Transposed(kernel.Residuals, gradient);
        double[] point = Array.ConvertAll(theta, value => (double)value);
        double scale = gradient.Max(Math.Abs);
        for (int i = 0; i < Shape.Length; i++)
        {
            double expected = IsPadding(i) ? 0 : (Cost(point, target, i, 1e-5) - Cost(point, target, i, -1e-5)) / 2e-5;
            Assert.True(Math.Abs(gradient[i] - expected) < Tolerance * scale, $"unknown {i}: {gradient[i]} against {expected}");
        }
    }

    [Fact]
    public void GaussNewton_RandomDirection_IsJacobianTransposedTimesDirectionalDerivative()
    {
        (RiemKernel kernel, float[] theta, float[] target) = Make();
        _ = kernel.Evaluate(theta);
        float[] direction = Free(new Random(4));
        float[] product = new float[Shape.Length];
        kernel.GaussNewton(direction, product);

        const double Step = 1e-5;
        double[] ahead = Residuals([.. theta.Zip(direction, (t, d) => t + (Step * d))], target);
        double[] behind = Residuals([.. theta.Zip(direction, (t, d) => t - (Step * d))], target);
        float[] derivative = new float[kernel.Residuals.Length];
        for (int i = 0; i < ahead.Length; i++)
        {
            derivative[(i / Shape.Columns * Shape.PaddedColumns) + (i % Shape.Columns)] = (float)((ahead[i] - behind[i]) / (2 * Step));
        }

        float[] expected = new float[Shape.Length];
        kernel.Transposed(derivative, expected);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(product[i] - expected[i]) < Tolerance * scale, $"unknown {i}: {product[i]} against {expected[i]}");
        }
    }

    [Fact]
    public void SolveLinear_AnyStates_LeavesNoGradientInTheLinearUnknowns()
    {
        (RiemKernel kernel, float[] theta, _) = Make();
        double before = kernel.Evaluate(theta);
        double after = new RiemSolver(Shape, kernel, 10, default).SolveLinear(theta);
        Assert.True(after < before);
        float[] gradient = new float[Shape.Length];
        kernel.Transposed(kernel.Residuals, gradient);
        Assert.All(gradient[Shape.V..], value => Assert.True(Math.Abs(value) < 1e-2, $"{value}"));
    }

    private static (RiemKernel Kernel, float[] Theta, float[] Target) Make()
    {
        float[] target = Samples.Gaussian(Shape.Rows, Shape.Columns, seed: 5);
        return (new RiemKernel(Shape, target), Free(new Random(3)), target);
    }

    private static float[] Free(Random random)
    {
        float[] theta = new float[Shape.Length];
        for (int i = 0; i < theta.Length; i++)
        {
            theta[i] = IsPadding(i) ? 0 : (float)(random.NextDouble() - 0.5);
        }

        return theta;
    }

    private static bool IsPadding(int i) =>
        i < Shape.Q ? i % Shape.PaddedRows >= Shape.Rows : i < Shape.A && (i - Shape.Q) % Shape.PaddedColumns >= Shape.Columns;

    private static double Cost(double[] point, float[] target, int unknown, double step)
    {
        double[] moved = (double[])point.Clone();
        moved[unknown] += step;
        return Residuals(moved, target).Sum(r => r * r) / 2;
    }

    private static double[] Residuals(double[] theta, float[] target)
    {
        double[] residuals = new double[target.Length];
        for (int k = 0; k < Shape.Rows; k++)
        {
            for (int n = 0; n < Shape.Columns; n++)
            {
                double value = theta[Shape.Beta];
                for (int r = 0; r < Shape.Shifts; r++)
                {
                    int shift = r * Shape.StateDim / Shape.Shifts;
                    for (int m = 0; m < Shape.Width; m++)
                    {
                        int f = (r * Shape.Width) + m;
                        double argument = theta[Shape.C + f];
                        for (int i = 0; i < Shape.StateDim; i++)
                        {
                            double p = theta[(i * Shape.PaddedRows) + k];
                            double q = theta[Shape.Q + ((i + shift) % Shape.StateDim * Shape.PaddedColumns) + n];
                            argument += theta[Shape.A + (f * Shape.StateDim) + i] * (p + q);
                        }

                        value += theta[Shape.V + m] / (1 + Math.Exp(-argument));
                    }
                }

                residuals[(k * Shape.Columns) + n] = value - target[(k * Shape.Columns) + n];
            }
        }

        return residuals;
    }
}

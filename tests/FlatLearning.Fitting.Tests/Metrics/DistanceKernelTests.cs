using FlatLearning.Fitting.Metrics.Distances;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Tests.Metrics;

/// <summary>
/// Derivatives and costs of one item against finite differences of an independent evaluation in double precision.
/// </summary>
public class DistanceKernelTests
{
    private const int Rows = 7;
    private const int Columns = 21;
    private const int Heads = 2;
    private const int StateDim = 3;

    /// <summary>
    /// Central differences of step 1e-5 are good to 1e-9 in double; what is left is the float32 of the kernels, some
    /// 1e-6 of a sum of 21 terms.
    /// </summary>
    private const double Tolerance = 2e-5;

    private enum WeightKind
    {
        Identity,
        Diagonal,
        Full,
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void Linearise_Columns_GradientAndCostAreThoseOfFiniteDifferences(bool inverse, int weightKind)
    {
        if (inverse)
        {
            CheckColumns<InverseL2Kernel>(Weight((WeightKind)weightKind), square => 1 / Math.Sqrt(square), 0.05f);
        }
        else
        {
            CheckColumns<L2Kernel>(Weight((WeightKind)weightKind), Math.Sqrt, 0);
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public void Solve_LambdaAndBeta_LeavesNoGradient(bool inverse, int weightKind)
    {
        Hessian weight = Weight((WeightKind)weightKind);
        Func<double, double> term = inverse ? square => 1 / Math.Sqrt(square) : Math.Sqrt;
        (DistanceProblem problem, DistanceModel model) = Make(weight, inverse ? 0.05f : 0);
        double cost = inverse
            ? LinearTerms<InverseL2Kernel>.Solve(problem, model, null, default)
            : LinearTerms<L2Kernel>.Solve(problem, model, null, default);
        double exact = Cost(problem, model, term);
        Assert.True(Math.Abs(cost - exact) <= Tolerance * exact, $"{cost} against {exact}");
        for (int i = 0; i < model.Linear.Length; i++)
        {
            double kept = model.Linear[i];
            foreach (double change in (double[])[1e-2, -1e-2])
            {
                model.Linear[i] = kept + change;
                Assert.True(
                    Cost(problem, model, term) >= exact * (1 - Tolerance), $"parameter {i} is not at its minimum");
            }

            model.Linear[i] = kept;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sweeps_EveryStep_LowerTheTrueCost(bool full)
    {
        (DistanceProblem problem, DistanceModel model) =
            Make(Weight(full ? WeightKind.Full : WeightKind.Diagonal), 0.05f);
        SideSolver<InverseL2Kernel> rows = new(problem, SideKind.Rows);
        SideSolver<InverseL2Kernel> columns = new(problem, SideKind.Columns);
        double cost = Cost(problem, model, square => 1 / Math.Sqrt(square));
        for (int sweep = 0; sweep < 6; sweep++)
        {
            rows.Sweep(model, new DampedStep(null), null, default);
            Lowered("rows");
            columns.Sweep(model, new DampedStep(null), null, default);
            Lowered("columns");
        }

        void Lowered(string side)
        {
            double next = Cost(problem, model, square => 1 / Math.Sqrt(square));
            Assert.True(next <= cost * (1 + 1e-6), $"{side}: {next} after {cost}");
            cost = next;
        }
    }

    /// <summary>On a small grid the step is at least as good as every single move of one coordinate by one.</summary>
    [Fact]
    public void IntegerStep_OnTheGrid_NeverRaisesTheCostAndStaysInside()
    {
        (DistanceProblem problem, DistanceModel model) = Make(Hessian.Identity, 1);
        Random random = new(3);
        float[] offset = [5, -3, 2, 0, 1, -7];
        for (int i = 0; i < model.Rows.Length; i++)
        {
            model.Rows[i] = random.Next(8);
        }

        for (int i = 0; i < model.Columns.Length; i++)
        {
            model.Columns[i] = offset[i % 6] + random.Next(8);
        }

        SideSolver<InverseL2Kernel> columns = new(problem, SideKind.Columns);
        double cost = Cost(problem, model, square => 1 / Math.Sqrt(square));
        IntegerStep step = new(new GridBox(offset, 7));
        for (int sweep = 0; sweep < 5; sweep++)
        {
            columns.Sweep(model, step, null, default);
            double next = Cost(problem, model, square => 1 / Math.Sqrt(square));
            Assert.True(next <= cost * (1 + 1e-6), $"{next} after {cost}");
            cost = next;
            for (int i = 0; i < model.Columns.Length; i++)
            {
                Assert.True(float.IsInteger(model.Columns[i]));
                Assert.InRange(model.Columns[i] - offset[i % 6], 0, 7);
            }
        }
    }

    private static void CheckColumns<TKernel>(Hessian weight, Func<double, double> term, float softening)
        where TKernel : struct, IDistanceKernel
    {
        (DistanceProblem problem, DistanceModel model) = Make(weight, softening);
        CaptureStep capture = new(Columns, model.Coordinates);
        new SideSolver<TKernel>(problem, SideKind.Columns).Sweep(model, capture, null, default);
        double total = Cost(problem, model, term);
        Assert.True(
            Math.Abs(capture.Costs.Sum() - total) <= Tolerance * total, $"{capture.Costs.Sum()} against {total}");
        double scale = capture.Gradients.Max(Math.Abs);
        for (int i = 0; i < model.Columns.Length; i++)
        {
            double derivative = (At(i, 1e-5) - At(i, -1e-5)) / 2e-5;
            double got = 2 * capture.Gradients[i];
            Assert.True(Math.Abs(got - derivative) <= Tolerance * 2 * scale, $"{i}: {got} against {derivative}");
        }

        double At(int i, double change) => Cost(problem, model, term, i, change);
    }

    private static (DistanceProblem Problem, DistanceModel Model) Make(Hessian weight, float softening)
    {
        Random random = new(1);
        DistanceModel model = new(Rows, Columns, Heads, StateDim);
        Array.Fill(model.Softening, softening);
        Fill(model.Rows, random);
        Fill(model.Columns, random);
        (model.Linear[0], model.Linear[1], model.Linear[2]) = (1.5, -0.7, 0.3);
        float[] target = new float[Rows * Columns];
        Fill(target, random);
        return (new DistanceProblem(target, Rows, Columns, weight, ThreadWorkers.Single), model);
    }

    private static void Fill(float[] values, Random random)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)((2 * random.NextDouble()) - 1);
        }
    }

    private static Hessian Weight(WeightKind kind)
    {
        double[] diagonal = [.. Enumerable.Range(1, Rows).Select(k => (double)k)];
        double[] matrix = new double[Rows * Rows];
        for (int i = 0; i < matrix.Length; i++)
        {
            (int a, int b) = (i / Rows, i % Rows);
            matrix[i] = Math.Sqrt(diagonal[a] * diagonal[b]) * Math.Pow(0.5, Math.Abs(a - b));
        }

        return kind switch
        {
            WeightKind.Identity => Hessian.Identity,
            WeightKind.Diagonal => Hessian.Diagonal(diagonal),
            _ => Hessian.Full(matrix, Rows),
        };
    }

    /// <summary>tr(Eᵀ H E) from the formula in double precision; optionally with one column coordinate moved.</summary>
    private static double Cost(
        DistanceProblem problem, DistanceModel model, Func<double, double> term, int moved = -1, double change = 0)
    {
        double[] error = new double[Rows * Columns];
        for (int i = 0; i < error.Length; i++)
        {
            (int k, int n) = (i / Columns, i % Columns);
            error[i] = model.Linear[^1] - problem.Target[i];
            for (int h = 0; h < Heads; h++)
            {
                double square = model.Softening[h];
                for (int c = h * StateDim; c < (h + 1) * StateDim; c++)
                {
                    int column = (n * model.Coordinates) + c;
                    square += Math.Pow(
                        model.Rows[(k * model.Coordinates) + c]
                            - (model.Columns[column] + (column == moved ? change : 0)),
                        2);
                }

                error[i] += model.Linear[h] * term(square);
            }
        }

        return problem.Weight.Energy(error, Columns);
    }

    /// <summary>Notes costs and gradients.</summary>
    private sealed class CaptureStep(int items, int coordinates) : IItemStep
    {
        public double[] Costs { get; } = new double[items];

        public double[] Gradients { get; } = new double[items * coordinates];

        public void Run(ItemWork work, Span<float> state, ref double damping)
        {
            Costs[work.Item] = work.Linearise(state);
            work.Gradient.CopyTo(Gradients, work.Item * coordinates);
        }
    }
}

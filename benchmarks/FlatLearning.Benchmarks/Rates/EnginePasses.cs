using FlatLearning.Fitting;
using FlatLearning.Fitting.Metrics.Riem;
using FlatLearning.Numerics;

namespace FlatLearning.Benchmarks.Rates;

/// <summary>
/// The passes that the engine's time goes into, on a random matrix and a random point, on one thread.
/// </summary>
internal static class EnginePasses
{
    public static List<KernelPass> Of(int rows, int columns, int stateDim, int shifts, int width)
    {
        Random random = new(1);
        RiemShape shape = new(rows, columns, stateDim, shifts, width);
        RiemField field = new(shape, Random(random, rows * columns), Hessian.Identity, ThreadWorkers.Single);
        AlignedFloats theta = Aligned(random, shape.Length);
        AlignedFloats result = new(shape.Length);
        AlignedFloats direction = Aligned(random, shape.Length);
        return
        [
            new KernelPass("engine: cost", PassCosts.Cost, () => field.Cost(theta)),
            new KernelPass("engine: cost and gradient", PassCosts.Gradient, () => field.Gradient(theta, result)),
            new KernelPass(
                "engine: Gauss-Newton product", PassCosts.GaussNewton, () => field.GaussNewton(direction, result)),
        ];
    }

    private static AlignedFloats Aligned(Random random, int length)
    {
        AlignedFloats vector = new(length);
        Random(random, length).CopyTo(vector.Span);
        return vector;
    }

    private static float[] Random(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
}

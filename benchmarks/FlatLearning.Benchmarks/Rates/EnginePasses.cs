using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Benchmarks.Rates;

/// <summary>The passes that the engine's time goes into, on a random matrix and a random point, on one thread.</summary>
internal static class EnginePasses
{
    public static List<KernelPass> Of(int rows, int columns, int stateDim, int shifts, int width)
    {
        Random random = new(1);
        RiemShape shape = new(rows, columns, stateDim, shifts, width);
        RiemKernel kernel = new(shape, Random(random, rows * columns));
        float[] theta = Random(random, shape.Length);
        float[] result = new float[shape.Length];
        float[] direction = Random(random, shape.Length);
        return
        [
            new KernelPass("engine: cost", PassCosts.Cost, () => kernel.Evaluate(theta)),
            new KernelPass("engine: Gauss-Newton product", PassCosts.GaussNewton, () => kernel.GaussNewton(direction, result)),
        ];
    }

    private static float[] Random(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
}

using System.Globalization;
using FlatLearning.Onnx.Numpy;

namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// <c>published-check --oracle FOLDER</c>: follows the steps that <c>published_recipe.py --oracle FOLDER</c> did in
/// PyTorch and prints how far unknowns and losses differ. Exit status 3 where they differ by more than float32
/// explains.
/// </summary>
internal static class PublishedCheckCommand
{
    /// <summary>
    /// Adam divides by the gradient's own size, so that rounding of a small gradient moves an unknown by up to a step
    /// (5e-5) more or less: the mean difference over all unknowns may be this share of the mean movement.
    /// </summary>
    private const double LargestShare = 1e-2;

    private const double LargestLossError = 1e-4;

    public static int Run(string[] arguments)
    {
        string folder = new Arguments(arguments).Required("--oracle");
        NpyArray target = NpyFile.Read(Path.Combine(folder, "target.npy"));
        (int rows, int columns) = ((int)target.Dims[0], (int)target.Dims[1]);
        float[] start = Read(folder, 0);
        PublishedShape shape = new(rows, columns);
        PublishedFit fit = new(shape, target.ToSingles(), shape.Pack(start), Environment.ProcessorCount);
        double[] losses = NpyFile.Read(Path.Combine(folder, "losses.npy")).ToDoubles();
        Console.WriteLine(
            "| step | loss | PyTorch's | mean movement | mean difference | largest difference "
                + "|\n|---|---|---|---|---|---|");
        bool good = true;
        for (int step = 1; step <= losses.Length; step++)
        {
            double loss = fit.Step();
            good &= Math.Abs(loss - losses[step - 1]) <= LargestLossError * losses[step - 1];
            if (File.Exists(PathOf(folder, step)))
            {
                float[] expected = Read(folder, step);
                float[] found = shape.Unpack(fit.Theta);
                double movement = expected.Zip(start, Distance).Average();
                double difference = expected.Zip(found, Distance).Average();
                good &= difference <= LargestShare * movement;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {step} | {loss:G7} | {losses[step - 1]:G7} | {movement:E2} | {difference:E2} | "
                        + $"{expected.Zip(found, Distance).Max():E2} |"));
            }
        }

        Console.WriteLine(good ? "\nthe same within float32" : "\nDIFFERENT");
        return good ? 0 : 3;
    }

    private static double Distance(float a, float b) => Math.Abs((double)a - b);

    private static string PathOf(string folder, int step) => Path.Combine(folder, $"after-{step}.npy");

    private static float[] Read(string folder, int step) => NpyFile.Read(PathOf(folder, step)).ToSingles();
}

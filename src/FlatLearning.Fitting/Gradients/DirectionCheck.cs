namespace FlatLearning.Fitting.Gradients;

/// <summary>Compares products with a Jacobian with central differences along one direction.</summary>
internal static class DirectionCheck
{
    /// <summary>
    /// Relative to unknowns and directions of size about 1: the differences are good to about the square of it.
    /// </summary>
    private const double Step = 1e-5;

    /// <summary>The report of one direction.</summary>
    /// <param name="group">What is moved.</param>
    /// <param name="residuals">Residuals r, each times the root of its weight, where the point is moved by so many
    /// directions.</param>
    /// <param name="slope">gradient · δ, to be checked.</param>
    /// <param name="curvature">δᵀ(JᵀJ)δ, to be checked.</param>
    public static GradientReport Run(string group, Func<double, double[]> residuals, double slope, double curvature)
    {
        double[] here = residuals(0);
        double[] ahead = residuals(Step);
        double[] behind = residuals(-Step);
        (double size, double moved, double product) = (0, 0, 0);
        for (int i = 0; i < here.Length; i++)
        {
            double derivative = (ahead[i] - behind[i]) / (2 * Step);
            size += here[i] * here[i];
            moved += derivative * derivative;
            product += here[i] * derivative;
        }

        return new GradientReport(
            group, Relative(slope - product, Math.Sqrt(size * moved)), Relative(curvature - moved, moved));
    }

    /// <summary>[count] numbers from -1 to 1.</summary>
    public static float[] Direction(int count, Random random)
    {
        float[] direction = new float[count];
        foreach (ref float value in direction.AsSpan())
        {
            value = (float)((2 * random.NextDouble()) - 1);
        }

        return direction;
    }

    private static double Relative(double difference, double size) => difference == 0 ? 0 : Math.Abs(difference) / size;
}

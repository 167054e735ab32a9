namespace FlatLearning.Fitting.Peers;

/// <summary>
/// Half-quadratic quantisation (Badri and Shaji 2023): with scales fixed, the zero points z of min ||W - W_r||_p, W_r =
/// (W_q - z) · step, by splitting off the error E and alternating E = shrink(W - W_r, beta) and z = mean(W_q - (W -
/// E)/step) over each group. Groups lie one after the other.
/// </summary>
/// <param name="groups">The groups' values, one after the other.</param>
/// <param name="starts">Where each group begins, and the total length.</param>
/// <param name="steps">The step between two levels, per group; 0 is a group whose values its zero point does not matter
/// for.</param>
/// <param name="largest">The largest code.</param>
internal sealed class HqqSolver(float[] groups, int[] starts, double[] steps, int largest)
{
    /// <summary>
    /// Moves zero points to lower mean absolute error; like the published solver it ends at the first iteration without
    /// a gain.
    /// </summary>
    /// <param name="zeros">In: the start. Out: the last zero points.</param>
    /// <param name="options">p, beta, kappa, iterations.</param>
    /// <param name="cancellation">Looked at in every iteration.</param>
    /// <returns>Iterations carried out.</returns>
    public int Minimise(double[] zeros, HqqOptions options, CancellationToken cancellation)
    {
        double beta = options.Beta;
        double min = double.PositiveInfinity;
        for (int iteration = 0; iteration < options.Iterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            double error = Iterate(zeros, beta, options.Norm);
            beta *= options.Kappa;
            if (!(error < min))
            {
                return iteration + 1;
            }

            min = error;
        }

        return options.Iterations;
    }

    /// <summary>One step of the alternation. Returns the sum of |W - W_r| before it.</summary>
    public double Iterate(double[] zeros, double beta, double norm)
    {
        double error = 0;
        for (int g = 0; g < zeros.Length; g++)
        {
            (double step, double zero, double sum) = (steps[g], zeros[g], 0);
            ReadOnlySpan<float> values = groups.AsSpan(starts[g]..starts[g + 1]);
            if (!(step > 0))
            {
                continue;
            }

            foreach (float value in values)
            {
                double code = Code(value, step, zero);
                double difference = value - ((code - zero) * step);
                error += Math.Abs(difference);
                sum += code - ((value - Shrink(difference, beta, norm)) / step);
            }

            zeros[g] = sum / values.Length;
        }

        return error;
    }

    /// <summary>The squared error of one group with a given zero point.</summary>
    public double SquaredError(int group, double zero)
    {
        double error = 0;
        foreach (float value in groups.AsSpan(starts[group]..starts[group + 1]))
        {
            double difference = value - ((Code(value, steps[group], zero) - zero) * steps[group]);
            error += difference * difference;
        }

        return error;
    }

    /// <summary>clamp(round(w/step + z)).</summary>
    public double Code(double value, double step, double zero) =>
        Math.Clamp(Math.Round((step > 0 ? value / step : 0) + zero), 0, largest);

    /// <summary>The generalised soft threshold of l_p: sign(x) · max(0, |x| - |x|^(p-1) / beta).</summary>
    public static double Shrink(double x, double beta, double norm)
    {
        double magnitude = Math.Abs(x);
        return magnitude == 0 ? 0 : Math.CopySign(Math.Max(0, magnitude - (Math.Pow(magnitude, norm - 1) / beta)), x);
    }
}

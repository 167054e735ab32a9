using FlatLearning.Dyn;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// lambda and beta at 16 bits: rounded one after the other, the ones that are left solved for again. Terms of several
/// heads cancel, so that rounding all at once would cost more than their bits suggest.
/// </summary>
internal static class LinearRounding<TKernel>
    where TKernel : struct, IDistanceKernel
{
    private const double Ridge = 1e-12;

    /// <summary>
    /// The values as stored, lambda in units of 2^s steps and all times <paramref name="unit"/>; at 32 bits where one
    /// does not keep its precision at 16, zeros where one is not finite.
    /// </summary>
    public static double[] Round(
        DistanceProblem problem, DistanceModel model, double unit, int bits, CancellationToken cancellation)
    {
        int size = model.Linear.Length;
        (double[] normal, double[] right, _, float[] origins) =
            LinearTerms<TKernel>.Accumulate(problem, model, cancellation);
        double[] units = new double[size];
        Array.Fill(units, unit * TKernel.StoredFactor(bits));
        units[^1] = unit;
        double[] values = [.. model.Linear.Zip(units, (value, factor) => value * factor)];
        bool half = values.All(IsHalf);
        double[] change = new double[size];
        for (int i = 0; i < size; i++)
        {
            // The change of beta that keeps the values at the terms' origins is part of what the normal equations mean
            // by a change of lambda.
            double beta = change[^1];
            for (int h = 0; h < size - 1; h++)
            {
                beta -= i == size - 1 ? change[h] * origins[h] : 0;
            }

            double wanted = (model.Linear[i] + (i == size - 1 ? beta : change[i])) * units[i];
            double stored = half ? (double)(Half)wanted : (float)wanted;
            if (!double.IsFinite(stored))
            {
                return new double[size];
            }

            values[i] = stored;
            if (i < size - 1)
            {
                change[i] = (stored / units[i]) - model.Linear[i];
                SolveRest(normal, right, change, i + 1);
            }
        }

        return values;
    }

    /// <summary>16 bits where every value keeps its precision there, else 32.</summary>
    public static ParameterTensor Tensor(float[] parameters) => ParameterTensor.Smallest(parameters, parameters.Length);

    private static bool IsHalf(double value) => value == 0 || (Math.Abs(value) >= 6.2e-5 && Math.Abs(value) <= 65000);

    /// <summary>
    /// The changes from index <paramref name="first"/> on that minimise the error, the ones before fixed.
    /// </summary>
    private static void SolveRest(double[] normal, double[] right, double[] change, int first)
    {
        int size = change.Length;
        int rest = size - first;
        double[] matrix = new double[rest * rest];
        double[] vector = new double[rest];
        for (int i = 0; i < rest; i++)
        {
            vector[i] = right[first + i];
            for (int j = 0; j < first; j++)
            {
                vector[i] -= normal[((first + i) * size) + j] * change[j];
            }

            for (int j = 0; j <= i; j++)
            {
                matrix[(i * rest) + j] = normal[((first + i) * size) + first + j];
            }

            matrix[(i * rest) + i] *= 1 + Ridge;
        }

        if (Cholesky.Solve(matrix, vector))
        {
            vector.CopyTo(change, first);
        }
    }
}

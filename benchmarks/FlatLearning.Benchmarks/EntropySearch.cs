using FlatLearning.Fitting;

namespace FlatLearning.Benchmarks;

/// <summary>Entropy-coded weights by the logarithm to base 2 of their common step.</summary>
internal sealed class EntropySearch(List<MatrixWeight> weights, FitOptions options) : EqualErrorSearch
{
    // A step's error is about 0.2 step² a value where values are large, less where they are small.
    public override (double Low, double High) Range(double allowed, long count)
    {
        double low = 0.5 * Math.Log2(allowed / count / 0.25);
        while (At(low).Squared > allowed)
        {
            low--;
        }

        double high = low + 1;
        while (At(high).Squared < allowed)
        {
            (low, high) = (high, high + 1);
        }

        return (low, high);
    }

    public override (double Squared, long Bytes) At(double parameter)
    {
        (double squared, long bytes) = (0, 0);
        Parallel.ForEach(weights, new ParallelOptions { MaxDegreeOfParallelism = 2 }, weight =>
        {
            FitResult fit = Fit(weight, parameter);
            lock (weights)
            {
                squared += fit.Error * Energy(weight);
                bytes += fit.Weight!.StoredBytes;
            }
        });
        return (squared, bytes);
    }

    public override void Print(double parameter)
    {
        foreach (MatrixWeight weight in weights)
        {
            FitResult fit = Fit(weight, parameter);
            Console.WriteLine(FormattableString.Invariant(
                $"| {weight.Name} | {weight.Rows} x {weight.Columns} | | | {fit.Error:0.00000} | {fit.Weight!.BitsPerWeight:0.000} | {fit.Representation} |"));
        }
    }

    private FitResult Fit(MatrixWeight weight, double parameter) =>
        WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, options with { Storage = CodeStorage.Entropy, Step = Math.Pow(2, parameter) });

    private static double Energy(MatrixWeight weight)
    {
        double energy = 0;
        foreach (float value in weight.Values)
        {
            energy += (double)value * value;
        }

        return energy;
    }
}

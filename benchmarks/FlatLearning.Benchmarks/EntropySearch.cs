using FlatLearning.Fitting;
using FlatLearning.Fitting.Entropy;

namespace FlatLearning.Benchmarks;

/// <summary>Entropy-coded weights by the logarithm to base 2 of their common step.</summary>
internal sealed class EntropySearch(List<MatrixWeight> weights, FitOptions options) : EqualErrorSearch
{
    private readonly StepCurve[] _curves =
        [.. weights.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(weight => new StepCurve(weight.Values, weight.Rows, weight.Columns, options))];

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
        Parallel.For(0, _curves.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            FitResult fit = _curves[i].At(Math.Pow(2, parameter));
            lock (_curves)
            {
                squared += fit.Error * Energy(weights[i]);
                bytes += fit.Weight!.StoredBytes;
            }
        });
        return (squared, bytes);
    }

    public override void Print(double parameter)
    {
        foreach ((MatrixWeight weight, StepCurve curve) in weights.Zip(_curves))
        {
            FitResult fit = curve.At(Math.Pow(2, parameter));
            Console.WriteLine(FormattableString.Invariant(
                $"| {weight.Name} | {weight.Rows} x {weight.Columns} | | | {fit.Error:0.00000} | {fit.Weight!.BitsPerWeight:0.000} | {fit.Representation} |"));
        }
    }

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

using System.Globalization;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Benchmarks;

/// <summary>
/// A model's weights by the logarithm to base 2 of the squared error that a stored bit is worth: every weight takes the
/// point of its planner's curve that is best under it, and its true error and bytes count. Tables that weights share
/// are counted once.
/// </summary>
internal sealed class PlanSearch
{
    private readonly List<Curve> _curves;

    public PlanSearch(List<MatrixWeight> weights, PlanRequest request)
    {
        _curves = [.. weights.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(weight => new Curve(
            weight,
            weight.Values.Sum(value => (double)value * value),
            CurveEstimator.Measure(weight.Values, weight.Rows, weight.Columns, request),
            []))];
    }

    /// <summary>A number whose error is below the allowed one, and one whose error is above.</summary>
    public static (double Low, double High) Range(double allowed, long count)
    {
        double middle = Math.Log2(allowed / count);
        return (middle - 6, middle + 6);
    }

    /// <summary>Squared error and stored bytes.</summary>
    public (double Squared, long Bytes) At(double parameter)
    {
        (double squared, long bytes, long common) = (0, 0, 0);
        Parallel.ForEach(_curves, new ParallelOptions { MaxDegreeOfParallelism = 2 }, curve =>
        {
            (PlanOption option, FitResult fit) = curve.Best(parameter);
            lock (_curves)
            {
                squared += fit.Error * curve.Energy;
                bytes += fit.Weight!.StoredBytes - option.CommonBytes;
                common = Math.Max(common, option.CommonBytes);
            }
        });
        return (squared, bytes + common);
    }

    /// <summary>Prints what every weight gets.</summary>
    public void Print(double parameter)
    {
        foreach (Curve curve in _curves)
        {
            (PlanOption option, FitResult fit) = curve.Best(parameter);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {curve.Weight.Name} | {curve.Weight.Rows} x {curve.Weight.Columns} | | expected "
                    + $"{option.Error:0.00000} | {fit.Error:0.00000} | {option.BitsPerWeight:0.000} | "
                    + $"{fit.Representation} |"));
        }
    }

    private sealed record Curve(
        MatrixWeight Weight, double Energy, IReadOnlyList<PlanOption> Options, Dictionary<PlanOption, FitResult> Fits)
    {
        public (PlanOption Option, FitResult Fit) Best(double parameter)
        {
            double price = Math.Pow(2, parameter);
            PlanOption best = Options.MinBy(option => (option.Error * Energy) + (price * 8 * option.Bytes))!;
            if (!Fits.TryGetValue(best, out FitResult? fit))
            {
                Fits[best] = fit = best.Fit(Weight.Values);
            }

            return (best, fit);
        }
    }
}

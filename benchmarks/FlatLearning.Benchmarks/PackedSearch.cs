using FlatLearning.Fitting;

namespace FlatLearning.Benchmarks;

/// <summary>Packed weights by the logarithm to base 2 of the squared error that a stored bit is worth: every weight takes its best point under it.</summary>
internal sealed class PackedSearch : EqualErrorSearch
{
    private readonly List<(MatrixWeight Weight, double Energy, IReadOnlyList<RatePoint> Points)> _curves;

    public PackedSearch(List<MatrixWeight> weights, FitOptions options)
    {
        _curves = [.. weights.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(weight => (
            weight,
            weight.Values.Sum(value => (double)value * value),
            Points(weight, options)))];
    }

    /// <summary>With row scales where they pay, and without: the sizes between whole bits.</summary>
    private static IReadOnlyList<RatePoint> Points(MatrixWeight weight, FitOptions options) =>
    [
        .. RateCurve.Measure(weight.Values, weight.Rows, weight.Columns, options),
        .. RateCurve.Measure(weight.Values, weight.Rows, weight.Columns, options with { RowScales = RowScales.Never, Method = FitMethod.Codes }),
    ];

    public override (double Low, double High) Range(double allowed, long count) => (-80, 40);

    public override (double Squared, long Bytes) At(double parameter) =>
        _curves.Select(curve => (Curve: curve, Point: Best(curve.Points, curve.Energy, curve.Weight.Values.Length, parameter)))
            .Aggregate((Squared: 0.0, Bytes: 0L), (sum, one) => (sum.Squared + (one.Point.Error * one.Curve.Energy), sum.Bytes + one.Point.Fit.Weight!.StoredBytes));

    public override void Print(double parameter)
    {
        foreach ((MatrixWeight weight, double energy, IReadOnlyList<RatePoint> points) in _curves)
        {
            RatePoint best = Best(points, energy, weight.Values.Length, parameter);
            Console.WriteLine(FormattableString.Invariant(
                $"| {weight.Name} | {weight.Rows} x {weight.Columns} | | | {best.Error:0.00000} | {best.BitsPerWeight:0.000} | {best.Fit.Representation} |"));
        }
    }

    private static RatePoint Best(IReadOnlyList<RatePoint> points, double energy, int count, double parameter)
    {
        double lambda = Math.Pow(2, parameter);
        return points.MinBy(point => (point.Error * energy) + (lambda * point.BitsPerWeight * count))!;
    }
}

using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting;

/// <summary>The two errors that a fit reports, in double precision.</summary>
internal static class TargetErrors
{
    private const int ValuesOfItem = 1 << 16;

    /// <summary>||X - Y||² / ||X||² and tr((X - Y)ᵀ H (X - Y)) / tr(Xᵀ H X); 0 where both terms are zero.</summary>
    /// <param name="target">X and H.</param>
    /// <param name="approximation">Y, row-major like X.</param>
    public static (double Plain, double Weighted) Relative(MetricTarget target, double[] approximation)
    {
        double[] values = new double[target.Values.Length];
        target.Workers.ForRanges(values.Length, ValuesOfItem, (begin, end) =>
        {
            ReadOnlySpan<float> x = target.Values.Span;
            for (int i = begin; i < end; i++)
            {
                values[i] = x[i] - approximation[i];
            }
        });
        (double error, double weighted) = Energies(target, values);
        target.Workers.ForRanges(values.Length, ValuesOfItem, (begin, end) =>
        {
            ReadOnlySpan<float> x = target.Values.Span;
            for (int i = begin; i < end; i++)
            {
                values[i] = x[i];
            }
        });
        (double energy, double weightedEnergy) = Energies(target, values);
        return (error == 0 ? 0 : error / energy, weighted == 0 ? 0 : weighted / weightedEnergy);
    }

    private static (double Plain, double Weighted) Energies(MetricTarget target, double[] values)
    {
        double plain = Hessian.Identity.Energy(values, target.Columns);
        return (
            plain,
            target.Hessian.IsIdentity ? plain : target.Hessian.Energy(values, target.Columns, target.Workers));
    }
}

using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting;

/// <summary>The two errors that a fit reports, in double precision.</summary>
internal static class TargetErrors
{
    /// <summary>||X - Y||² / ||X||² and tr((X - Y)ᵀ H (X - Y)) / tr(Xᵀ H X); 0 where both terms are zero.</summary>
    /// <param name="target">X and H.</param>
    /// <param name="approximation">Y, row-major like X.</param>
    public static (double Plain, double Weighted) Relative(MetricTarget target, ReadOnlySpan<double> approximation)
    {
        ReadOnlySpan<float> x = target.Values.Span;
        double[] values = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            values[i] = x[i] - approximation[i];
        }

        double error = Hessian.Identity.Energy(values, target.Columns);
        double weighted = target.Hessian.IsIdentity ? error : target.Hessian.Energy(values, target.Columns);
        for (int i = 0; i < x.Length; i++)
        {
            values[i] = x[i];
        }

        double energy = Hessian.Identity.Energy(values, target.Columns);
        double weightedEnergy = target.Hessian.IsIdentity ? energy : target.Hessian.Energy(values, target.Columns);
        return (error == 0 ? 0 : error / energy, weighted == 0 ? 0 : weighted / weightedEnergy);
    }
}

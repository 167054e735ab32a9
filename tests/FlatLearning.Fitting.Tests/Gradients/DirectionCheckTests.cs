using FlatLearning.Fitting.Gradients;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Tests.Gradients;

public class DirectionCheckTests
{
    /// <summary>r = (x², 3x) at x = 2 along 1: r·Jδ = 4·4 + 6·3 = 34, ‖Jδ‖² = 25.</summary>
    [Theory]
    [InlineData(34, 25, true)]
    [InlineData(35, 25, false)]
    [InlineData(34, 26, false)]
    [InlineData(double.NaN, 25, false)]
    [InlineData(34, double.NaN, false)]
    public void Run_KnownResiduals_PassesOnlyTheirDerivatives(double slope, double curvature, bool passes)
    {
        GradientReport report =
            DirectionCheck.Run("x", step => [(2 + step) * (2 + step), 3 * (2 + step)], slope, curvature);
        Assert.Equal(passes, report.Passed);
    }

    [Theory]
    [InlineData(FitMethod.Riem, false)]
    [InlineData(FitMethod.Riem, true)]
    [InlineData(FitMethod.DynL2, false)]
    [InlineData(FitMethod.DynL2, true)]
    [InlineData(FitMethod.DynInverseL2, false)]
    [InlineData(FitMethod.DynInverseL2, true)]
    public void CheckGradients_AnyMetric_Passes(FitMethod method, bool weighted)
    {
        double[] diagonal = [.. Enumerable.Range(1, 150).Select(k => (double)k)];
        MetricTarget target =
            new(Samples.Gaussian(150, 37), 150, 37, weighted ? Hessian.Diagonal(diagonal) : Hessian.Identity);
        IReadOnlyList<GradientReport> reports =
            MetricFitters.For(method)!.CheckGradients(target, new FitOptions { StateDim = 6, Shifts = 3, Width = 4 });
        Assert.NotEmpty(reports);
        Assert.All(reports, report => Assert.True(report.Passed, report.ToString()));
    }
}

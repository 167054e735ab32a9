using FlatLearning.Dyn.Metrics;
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
    [InlineData(MetricKinds.Riem, false)]
    [InlineData(MetricKinds.Riem, true)]
    [InlineData(MetricKinds.DynL2, false)]
    [InlineData(MetricKinds.DynL2, true)]
    [InlineData(MetricKinds.DynInverseL2, false)]
    [InlineData(MetricKinds.DynInverseL2, true)]
    public void CheckGradients_AnyMetric_Passes(string method, bool weighted)
    {
        double[] diagonal = [.. Enumerable.Range(1, 150).Select(k => (double)k)];
        MetricTarget target =
            new(Samples.Gaussian(150, 37), 150, 37, weighted ? Hessian.Diagonal(diagonal) : Hessian.Identity);
        IReadOnlyList<GradientReport> reports =
            TestPlans.Metric(method, stateDim: 6, shifts: 3, width: 4).CheckGradients(target, new FitOptions());
        Assert.NotEmpty(reports);
        Assert.All(reports, report => Assert.True(report.Passed, report.ToString()));
    }
}

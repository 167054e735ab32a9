using FlatLearning.Fitting;
using FlatLearning.Fitting.Gradients;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Surveys;
using FlatLearning.Onnx.Matrices;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>The check of one metric's derivatives, as <c>fit --check-gradients</c> reports it.</summary>
/// <param name="Method">The metric's name.</param>
/// <param name="Groups">One report per group of unknowns; empty where the metric is fitted without derivatives.</param>
/// <param name="Passed">Whether all agree.</param>
internal sealed record MethodGradients(string Method, IReadOnlyList<GradientReport> Groups, bool Passed)
{
    /// <summary>Checks the metrics that take part in a survey.</summary>
    public static IEnumerable<MethodGradients> Check(DenseMatrix matrix, SurveyOptions options)
    {
        MetricTarget target = new(matrix.Values, matrix.Rows, matrix.Columns, Hessian.Identity);
        FitOptions fit = new() { Seed = options.Seed };
        foreach (MetricPlan metric in options.Metrics)
        {
            IReadOnlyList<GradientReport> groups = metric.CheckGradients(target, fit);
            yield return new MethodGradients(metric.Kind, groups, groups.All(group => group.Passed));
        }
    }
}

using FlatLearning.Fitting.Gradients;
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
    public static IEnumerable<MethodGradients> Check(DenseMatrix matrix, SurveyOptions options) =>
        GradientChecks.Run(matrix.Values, matrix.Rows, matrix.Columns, options.Metrics, options.Seed)
            .Select(check => new MethodGradients(
                check.Metric, check.Groups, check.Groups.All(group => group.Passed)));
}

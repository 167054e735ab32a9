using FlatLearning.Fitting.Surveys;

namespace FlatLearning.Fitting.Tests.Surveys;

public class DegenerateSurveyTests
{
    [Theory]
    [InlineData("zero")]
    [InlineData("constant")]
    [InlineData("rank-one")]
    [InlineData("row")]
    [InlineData("column")]
    [InlineData("single")]
    [InlineData("tiny")]
    [InlineData("huge")]
    [InlineData("huge-range")]
    public void Run_DegenerateMatrix_GivesSaneRows(string name)
    {
        (float[] w, int rows, int columns) = Make(name);
        SurveyReport report =
            Survey.Run(w, rows, columns, new SurveyOptions { TimeLimit = 600, MetricSeconds = 0.1, Rates = [1, 4, 8] });
        Assert.All(report.Rows.Concat(report.Rounding), row =>
        {
            // A time limit of ten minutes is none here, so that every row has a result.
            Assert.True(row.Error is >= 0 and < 1000, $"{row.Representation}: {row.Error}, {row.Status}");
            Assert.True(
                row.BitsPerWeight > 0 || row.Representation == "SVD rank 0",
                $"{row.Representation}: {row.BitsPerWeight}");
            Assert.True(row.MeanAbsOverStd is null or >= 0, row.Representation);
            Assert.True(row.BitsSaved is null || double.IsFinite(row.BitsSaved.Value), row.Representation);
        });
        Assert.All(
            report.Conclusions, conclusion => Assert.True(conclusion.Best.Error <= 1, conclusion.Best.Representation));
        if (name is "zero")
        {
            Assert.All(report.Rows, row => Assert.Equal(0, row.Error));
        }
    }

    private static (float[] W, int Rows, int Columns) Make(string name) => name switch
    {
        "zero" => (new float[40 * 24], 40, 24),
        "constant" => ([.. Enumerable.Repeat(-0.37f, 40 * 24)], 40, 24),
        "rank-one" => (Samples.LowRank(40, 24, 1, 0), 40, 24),
        "row" => (Samples.Gaussian(1, 200), 1, 200),
        "column" => (Samples.Gaussian(200, 1), 200, 1),
        "single" => ([0.123f], 1, 1),
        "tiny" => ([.. Samples.Gaussian(40, 24).Select(x => x * 1e-30f)], 40, 24),
        "huge" => ([.. Samples.Gaussian(40, 24).Select(x => x * 1e30f)], 40, 24),
        "huge-range" => ([.. Samples.Gaussian(40, 24).Select((x, i) => x * MathF.Pow(10, (i * 61 % 61) - 30))], 40, 24),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}

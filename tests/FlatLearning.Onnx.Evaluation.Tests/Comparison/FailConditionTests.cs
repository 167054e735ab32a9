using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

public sealed class FailConditionTests
{
    // a = (3, 4), b = (3, 1): max 3, mean 1.5, relative L2 0.6, SNR 4.4 dB, cosine 0.82, other best class.
    [Theory]
    [InlineData("snr<30", true)]
    [InlineData("snr < 4", false)]
    [InlineData("snr_db<4.5", true)]
    [InlineData("relative_l2>0.5", true)]
    [InlineData("relative_l2>0.7", false)]
    [InlineData("relative_l2>50%", true)]
    [InlineData("max_abs>=3", true)]
    [InlineData("max_abs>3", false)]
    [InlineData("mean_abs<=1.5", true)]
    [InlineData("mean_abs<1.5", false)]
    [InlineData("cosine<0.9", true)]
    [InlineData("cosine<0.8", false)]
    [InlineData("TOP1_agreement<99%", true)]
    [InlineData("kl>1e-3", true)]
    [InlineData("kl>100", false)]
    [InlineData("snr<1||max_abs>2", true)]
    [InlineData("snr<1, max_abs>20", false)]
    public void Condition_OnComputedMeasures_HoldsAsExpected(string text, bool fails)
    {
        ComparisonReport report = Report(Output("y", [3, 4], [3, 1], 1, 2));

        Assert.Equal(fails, FailCondition.Parse(text).SelectMany(condition => condition.Check(report)).Any());
    }

    [Theory]
    [InlineData("")]
    [InlineData("snr")]
    [InlineData("snr<")]
    [InlineData("snr<x")]
    [InlineData("snr<NaN")]
    [InlineData("snr=30")]
    [InlineData("loudness<3")]
    [InlineData("snr<30||")]
    [InlineData("snr<30 && kl>1")]
    [InlineData("<30")]
    public void Condition_Malformed_IsRefusedWithOneSentence(string text)
    {
        UsageException exception = Assert.Throws<UsageException>(() => FailCondition.Parse(text));

        Assert.StartsWith("FLAT0751", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Condition_OnIdenticalOutputs_Passes()
    {
        ComparisonReport report = Report(Output("y", [3, 4], [3, 4], 2));

        Assert.Empty(FailCondition.Parse("snr<30||cosine<0.999")
            .SelectMany(condition => condition.Check(report)));
    }

    [Theory]
    [InlineData("snr<30")]
    [InlineData("max_abs>1")]
    [InlineData("relative_l2>0.1")]
    [InlineData("cosine<0.1")]
    [InlineData("kl>100")]
    public void Condition_OnNaN_FailsWithReason(string text)
    {
        ComparisonReport report = Report(Output("y", [3, 4], [3, float.NaN], 1, 2));

        string sentence = Assert.Single(Assert.Single(FailCondition.Parse(text)).Check(report));

        Assert.StartsWith("FLAT0753", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("top1_agreement<0.9", "no output has a top1_agreement")]
    [InlineData("kl>1", "no output has a kl")]
    [InlineData("accuracy_drop>0.01", "no labels")]
    public void Condition_OnMeasureThatIsNotThere_FailsWithReason(string text, string reason)
    {
        ComparisonReport report = Report(Output("y", [3, 4], [3, 4], 2));

        Assert.Contains(
            reason, Assert.Single(Assert.Single(FailCondition.Parse(text)).Check(report)), StringComparison.Ordinal);
    }

    [Fact]
    public void Condition_WithOneOutputThatLacksTheMeasure_LooksAtTheOthers()
    {
        ComparisonReport report = Report(Output("boxes", [1, 2], [1, 3], 2), Output("scores", [1, 2], [1, 3], 1, 2));

        Assert.Empty(Assert.Single(FailCondition.Parse("top1_agreement<1")).Check(report));
    }

    [Theory]
    [InlineData("accuracy_drop>0.005", true)]
    [InlineData("accuracy_drop>1.5%", false)]
    public void AccuracyDrop_IsOriginalLessConverted(string text, bool fails)
    {
        ComparisonReport report =
            Report(Output("y", [1], [1], 1)) with { Task = new TaskReport("accuracy", "y", 0.98, 0.97, 100, 0.1, 0.2) };

        Assert.Equal(fails, Assert.Single(FailCondition.Parse(text)).Check(report).Count == 1);
    }

    private static OutputStatistics Output(string name, float[] a, float[] b, params long[] shape)
    {
        OutputStatistics statistics = new(name);
        statistics.Add(OrtTensor.Create(a, shape), OrtTensor.Create(b, shape));
        return statistics;
    }

    private static ComparisonReport Report(params OutputStatistics[] outputs) => new()
    {
        Original = "a.onnx",
        Converted = "b.onnx",
        Samples = 1,
        Runs = 1,
        Inputs = "test",
        Outputs = [.. outputs.Select(OutputReport.Of)],
        Layers = [],
        Expected = [],
        Task = null,
        Notes = [],
        Failures = [],
        Statistics = outputs,
    };
}

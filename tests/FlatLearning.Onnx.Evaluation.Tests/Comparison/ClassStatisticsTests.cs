using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

public sealed class ClassStatisticsTests
{
    private const double Rounding = 1e-12;

    [Fact]
    public void Kl_OfLogits_IsThatOfTheirSoftmax()
    {
        float[] a = [1, 2, 3, 0, -1, 5];
        float[] b = [1.5f, 2, 2, 0, 6, 5];
        OutputStatistics statistics = Add("y", a, b, 2, 3);

        double expected =
            (Divergence(Softmax(a[..3]), Softmax(b[..3])) + Divergence(Softmax(a[3..]), Softmax(b[3..]))) / 2;
        Assert.Equal(expected, statistics.Classes!.Kl, Rounding);

        // Row 0: best class 2 against 1 (the first of two equal ones); row 1: 2 against 1.
        Assert.Equal(0, statistics.Classes.Top1Agreement);
    }

    [Fact]
    public void Kl_OfProbabilities_IsComputedDirectly()
    {
        float[] a = [0.5f, 0.25f, 0.25f];
        float[] b = [0.25f, 0.25f, 0.5f];
        OutputStatistics statistics = Add("y", a, b, 1, 3);

        Assert.Equal(0.25 * Math.Log(2), statistics.Classes!.Kl, Rounding);
    }

    [Fact]
    public void Kl_WhereConvertedGivesZero_IsFinite()
    {
        OutputStatistics statistics = Add("y", [0.5f, 0.5f], [1, 0], 1, 2);

        Assert.True(statistics.Classes!.Kl > 10);
        Assert.True(double.IsFinite(statistics.Classes.Kl));
    }

    [Fact]
    public void Kl_OfLargeLogits_DoesNotOverflow()
    {
        OutputStatistics statistics = Add("y", [10000, 0], [10000, 1], 1, 2);

        Assert.Equal(0, statistics.Classes!.Kl, Rounding);
        Assert.Equal(1, statistics.Classes.Top1Agreement);
    }

    [Fact]
    public void Row_WithTheSameMask_IsADistributionOfTheRest()
    {
        const float Masked = float.NegativeInfinity;
        OutputStatistics statistics = Add("y", [1, Masked, 2], [2, Masked, 2], 1, 3);

        Assert.Equal(Divergence(Softmax([1, 2]), Softmax([2, 2])), statistics.Classes!.Kl, Rounding);
        Assert.Equal(1, statistics.NonFiniteInBoth);
    }

    [Fact]
    public void Row_WithAnotherMask_AgreesWithNothing()
    {
        const float Masked = float.NegativeInfinity;
        OutputStatistics statistics = Add("y", [1, Masked, 2], [1, 2, Masked], 1, 3);

        Assert.Equal(0, statistics.Classes!.Top1Agreement);
        Assert.True(double.IsNaN(statistics.Classes.Kl));
    }

    [Fact]
    public void Row_UndefinedInBoth_IsLeftOut()
    {
        OutputStatistics statistics = Add("y", [1, 2, float.NaN, 2], [1, 2, float.NaN, 3], 2, 2);

        Assert.Equal(1, statistics.Classes!.Rows);
        Assert.Equal(1, statistics.Classes.Top1Agreement);
        Assert.Equal(0, statistics.Classes.Kl, Rounding);
        Assert.Equal(1, statistics.MaxAbs, Rounding);
        Assert.Equal(1, statistics.NonFiniteInBoth);
    }

    [Fact]
    public void Row_WithNaN_AgreesWithNothing()
    {
        OutputStatistics statistics = Add("y", [1, 2, 1, 2], [1, 2, float.NaN, 2], 2, 2);

        Assert.Equal(0.5, statistics.Classes!.Top1Agreement);
        Assert.True(double.IsNaN(statistics.Classes.Kl));
    }

    [Theory]
    [InlineData("y", new long[] { 2, 3 }, true)]
    [InlineData("y", new long[] { 2, 1 }, false)]
    [InlineData("y", new long[] { 6 }, false)]
    [InlineData("y", new long[] { 1, 2, 3 }, false)]
    [InlineData("logits", new long[] { 1, 2, 3 }, true)]
    [InlineData("class_scores", new long[] { 1, 2, 3 }, true)]
    [InlineData("y", new long[] { 2, 3, 1, 1 }, true)]
    [InlineData("boxes", new long[] { 1, 3, 2 }, false)]
    public void ClassAxis_FollowsShapeAndName(string name, long[] shape, bool expected)
    {
        double[] values = new double[shape.Aggregate(1L, (product, size) => product * size)];

        Assert.Equal(expected, ClassAxis.IsClasses(name, TensorElementType.Float, shape, values));
        Assert.False(ClassAxis.IsClasses(name, TensorElementType.Int64, shape, values));
    }

    [Fact]
    public void ClassAxis_OfRowsThatAreProbabilities_IsFound()
    {
        Assert.True(ClassAxis.IsClasses("y", TensorElementType.Float, [1, 2, 2], [0.5, 0.5, 0.1, 0.9]));
        Assert.False(ClassAxis.IsClasses("y", TensorElementType.Float, [1, 2, 2], [0.5, 0.5, 0.1, 0.8]));
    }

    private static OutputStatistics Add(string name, float[] a, float[] b, params long[] shape)
    {
        OutputStatistics statistics = new(name);
        statistics.Add(OrtTensor.Create(a, shape), OrtTensor.Create(b, shape));
        return statistics;
    }

    private static double[] Softmax(float[] row)
    {
        double sum = row.Sum(value => Math.Exp(value));
        return [.. row.Select(value => Math.Exp(value) / sum)];
    }

    private static double Divergence(double[] p, double[] q) => p.Zip(q, (x, y) => x * Math.Log(x / y)).Sum();
}

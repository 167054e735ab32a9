using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Evaluation.Tests.Sensitivity;

public sealed class NoiseColourTests
{
    private const int Length = 4096;

    /// <summary>
    /// Five standard errors of a correlation or a variance estimated from this many numbers of the slowest colour that
    /// is checked.
    /// </summary>
    private const double Tolerance = 0.2;

    [Theory]
    [InlineData(0, 0.0, 1.0)]
    [InlineData(1, 0.7, 1.0)]
    [InlineData(2, 0.95, 1.0)]
    [InlineData(5, 0.7, 0.2)]
    [InlineData(8, 0.0, 0.03)]
    public void Apply_Signal_HasTheCorrelationAndAmplitude(int index, double correlation, double amplitude)
    {
        float[] x = Coloured([1, Length], index, out float[] before);
        double mean = x.Average(value => (double)value);
        double variance = x.Average(value => (value - mean) * (value - mean));
        double next = Enumerable.Range(1, Length - 1).Average(t => (x[t] - mean) * (x[t - 1] - mean)) / variance;
        Assert.True(
            Math.Abs(next - correlation) < Tolerance, $"neighbours correlate by {next}, expected {correlation}");
        double expected = amplitude * amplitude * before.Average(value => (double)value * value);
        Assert.True(Math.Abs((variance / expected) - 1) < 2 * Tolerance, $"variance {variance}, expected {expected}");
    }

    [Fact]
    public void Apply_ShortAxes_StayWhite()
    {
        float[] x = Coloured([512, 8], 2, out float[] before);
        double within = Enumerable.Range(0, x.Length - 1).Where(i => i % 8 != 7).Average(i => (double)x[i] * x[i + 1])
            / before.Average(value => (double)value * value);
        Assert.True(Math.Abs(within) < Tolerance, $"neighbours on an axis of 8 correlate by {within}");
    }

    private static float[] Coloured(long[] shape, int index, out float[] before)
    {
        Random random = new(5);
        before = [
            .. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b))
                .Select(
                    _ =>
                        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                            * Math.Cos(2 * Math.PI * random.NextDouble())))];
        OrtTensor tensor = OrtTensor.Create<float>(before, shape);
        ComparisonSample sample = new() { Inputs = new Dictionary<string, OrtTensor> { ["x"] = tensor } };
        return NoiseColour.Apply(sample, index).Inputs["x"].AsSpan<float>().ToArray();
    }
}

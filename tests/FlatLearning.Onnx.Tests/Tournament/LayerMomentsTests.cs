using FlatLearning.Numerics;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Tests.Tournament;

public sealed class LayerMomentsTests
{
    private const int Rows = 4;
    private const int Columns = 3;
    private const int Vectors = 200;

    private readonly Random _random = new(5);

    [Fact]
    public void SameInputs_LeaveTheMatrix()
    {
        float[] x = Numbers(Vectors * Rows);
        float[] matrix = Numbers(Rows * Columns);
        Assert.Equal(matrix, LayerMoments.Of(x, x, Rows, ThreadWorkers.Single)!.Corrected(
            matrix, 0.01, ThreadWorkers.Single));
    }

    [Fact]
    public void ScaledInputs_ScaleTheMatrixBack()
    {
        float[] x = Numbers(Vectors * Rows);
        float[] halves = Array.ConvertAll(x, value => value / 2);
        float[] matrix = Numbers(Rows * Columns);
        float[] corrected = LayerMoments.Of(x, halves, Rows, ThreadWorkers.Single)!.Corrected(
            matrix, 0, ThreadWorkers.Single);
        for (int i = 0; i < matrix.Length; i++)
        {
            // Sums of 200 products in float32, through the inverse of a matrix whose condition is small.
            Assert.Equal(2 * matrix[i], corrected[i], 1e-4);
        }
    }

    [Fact]
    public void NoisyInputs_LoseLessThanBefore()
    {
        float[] x = Numbers(Vectors * Rows);
        float[] noisy = [.. x.Select((value, i) => (0.7f * value) + (0.3f * x[(i + 1) % x.Length]))];
        float[] matrix = Numbers(Rows * Columns);
        float[] corrected = LayerMoments.Of(x, noisy, Rows, ThreadWorkers.Single)!.Corrected(
            matrix, 1e-6, ThreadWorkers.Single);
        Assert.True(Error(x, noisy, matrix, corrected) < 0.7 * Error(x, noisy, matrix, matrix));
    }

    [Fact]
    public void VectorsThatAreNotFinite_AreLeftOut()
    {
        float[] x = [1, 2, 3, 4, float.NaN, 1, 1, 1];
        Assert.Equal(16, LayerMoments.Of(x, x, Rows, ThreadWorkers.Single)!.Second[^1]);
        Assert.Null(LayerMoments.Of([float.NaN, 0, 0, 0], [0, 0, 0, 0], Rows, ThreadWorkers.Single));
    }

    private static double Error(float[] x, float[] noisy, float[] before, float[] after)
    {
        double sum = 0;
        for (int m = 0; m < Vectors; m++)
        {
            for (int n = 0; n < Columns; n++)
            {
                double difference = 0;
                for (int k = 0; k < Rows; k++)
                {
                    difference += (x[(m * Rows) + k] * (double)before[(k * Columns) + n])
                        - (noisy[(m * Rows) + k] * (double)after[(k * Columns) + n]);
                }

                sum += difference * difference;
            }
        }

        return sum;
    }

    private float[] Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(_random.NextDouble() - 0.5))];
}

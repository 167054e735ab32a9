using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>
/// Gives made-up real numbers the correlations and sizes that signals may have. Speech, images and measurements vary
/// slowly along their axes and are loud or quiet; moments of white noise alone say that all frequencies are alike, and
/// plans that trust them lose on real inputs what they gain on noise.
/// </summary>
internal static class NoiseColour
{
    /// <summary>Correlations of neighbours along an axis: from white to slow.</summary>
    private static readonly double[] Correlations = [0, 0.7, 0.95, 0.995];

    /// <summary>Factors of the deviations from the mean.</summary>
    private static readonly double[] Amplitudes = [1, 0.2, 0.03];

    /// <summary>Shorter axes are channels, states or features, not times or places.</summary>
    private const int ShortestAxis = 16;

    /// <summary>Axes that may be times or places: the last ones.</summary>
    private const int MaxAxes = 2;

    /// <summary>
    /// Colours the float32 inputs of a sample in place: one of the correlations and amplitudes by its index. Mean and,
    /// before the amplitude, variance stay as they are.
    /// </summary>
    public static ComparisonSample Apply(ComparisonSample sample, int index)
    {
        foreach (OrtTensor tensor in sample.Inputs.Values.Where(
            tensor => tensor.ElementType == TensorElementType.Float))
        {
            Span<float> values = tensor.AsSpan<float>();
            int inner = 1;
            for (int axis = tensor.Shape.Length - 1; axis >= Math.Max(0, tensor.Shape.Length - MaxAxes); axis--)
            {
                int length = (int)tensor.Shape[axis];
                if (length >= ShortestAxis)
                {
                    Correlate(values, length, inner, Correlations[index % Correlations.Length]);
                }

                inner *= length;
            }

            Scale(values, Amplitudes[index / Correlations.Length % Amplitudes.Length]);
        }

        return sample;
    }

    private static void Correlate(Span<float> values, int length, int inner, double correlation)
    {
        double mean = Mean(values);
        double fresh = Math.Sqrt(1 - (correlation * correlation));
        for (int first = 0; first + (length * inner) <= values.Length; first += length * inner)
        {
            for (int lane = 0; lane < inner; lane++)
            {
                double before = values[first + lane] - mean;
                for (int t = 1; t < length; t++)
                {
                    ref float value = ref values[first + (t * inner) + lane];
                    before = (correlation * before) + (fresh * (value - mean));
                    value = (float)(mean + before);
                }
            }
        }
    }

    private static void Scale(Span<float> values, double amplitude)
    {
        double mean = Mean(values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(mean + (amplitude * (values[i] - mean)));
        }
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return values.Length > 0 ? sum / values.Length : 0;
    }
}

using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Which outputs are class scores. An output has a class axis where it is of a floating-point type, has, after dropping
/// trailing dimensions of one (pooled images end in 1x1), at least two dimensions with two or more entries in the last,
/// and either has exactly two dimensions, or a name that says so (logits, scores, probabilities, softmax, classes,
/// labels), or rows that are probabilities. The class axis is that last dimension.
/// </summary>
internal static class ClassAxis
{
    /// <summary>
    /// How far the sum of a row may be from one for the row to count as probabilities: rounding of float16 softmax.
    /// </summary>
    public const double ProbabilityTolerance = 1e-3;

    private static readonly string[] Words = ["logit", "score", "prob", "softmax", "class", "label"];

    /// <summary>Whether an output has a class axis.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements, row-major.</param>
    public static bool IsClasses(
        string name, TensorElementType type, ReadOnlySpan<long> shape, ReadOnlySpan<double> values)
    {
        ArgumentNullException.ThrowIfNull(name);
        int rank = RankOf(shape);
        int classes = CountOf(shape);
        return TensorNumbers.IsFloat(type) && rank >= 2 && classes >= 2
            && (rank == 2
                || Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
                || AllProbabilities(values, classes));
    }

    /// <summary>The number of classes: the last dimension that is not a trailing one.</summary>
    public static int CountOf(ReadOnlySpan<long> shape) => shape.IsEmpty ? 1 : checked((int)shape[RankOf(shape) - 1]);

    /// <summary>The rank without trailing dimensions of one beyond the second.</summary>
    public static int RankOf(ReadOnlySpan<long> shape)
    {
        int rank = shape.Length;
        while (rank > 2 && shape[rank - 1] == 1)
        {
            rank--;
        }

        return rank;
    }

    /// <summary>Whether a row is non-negative and sums to one.</summary>
    public static bool IsProbabilities(ReadOnlySpan<double> row)
    {
        double sum = 0;
        foreach (double value in row)
        {
            if (!(value >= 0))
            {
                return false;
            }

            sum += value;
        }

        return Math.Abs(sum - 1) <= ProbabilityTolerance;
    }

    private static bool AllProbabilities(ReadOnlySpan<double> values, int classes)
    {
        for (int start = 0; start + classes <= values.Length; start += classes)
        {
            if (!IsProbabilities(values.Slice(start, classes)))
            {
                return false;
            }
        }

        return true;
    }
}

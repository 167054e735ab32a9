using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Divergences;

/// <summary>
/// One output of the original and how others are told apart from it: a distribution (probabilities, their logarithms,
/// or scores that are called so) by the mean over its rows of the Kullback-Leibler divergence in nats; anything else by
/// half the squared error over the energy, which is what a divergence of normal distributions would be.
/// </summary>
internal sealed class JudgedOutput
{
    private static readonly string[] Words = ["logit", "score", "prob", "softmax", "class"];

    private readonly bool _isDistribution;
    private readonly double _scale;

    /// <summary>Decides by the original's answers.</summary>
    /// <param name="name">The output.</param>
    /// <param name="answers">Its values in every run; floating-point numbers.</param>
    /// <param name="isScores">Whether more than its name says that it scores the entries of its last axis.</param>
    public JudgedOutput(string name, IReadOnlyList<OrtTensor> answers, bool isScores)
    {
        (Name, double energy, long rows) = (name, 0, 0);
        bool isDistribution = answers.Any(answer => answer.ElementCount > 0);
        foreach (OrtTensor answer in answers.Where(answer => answer.ElementCount > 0))
        {
            int classes = ClassAxis.CountOf(answer.Shape);
            double[] values = TensorNumbers.ToDoubles(answer, name);
            energy += values.Where(double.IsFinite).Sum(value => value * value);
            rows += values.Length / classes;
            isDistribution &= classes > 1 && ClassAxis.RankOf(answer.Shape) > 1
                && (isScores || Array.TrueForAll(Rows(values, classes), IsDistribution));
        }

        _isDistribution = isDistribution
            || (rows > 0
                && Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
                && answers.All(answer => ClassAxis.CountOf(answer.Shape) > 1 && ClassAxis.RankOf(answer.Shape) > 1));
        _scale = _isDistribution ? 1.0 / rows : energy > 0 ? 0.5 / energy : 0;
    }

    /// <summary>The output's name.</summary>
    public string Name { get; }

    /// <summary>Whether it is judged by the divergence of distributions.</summary>
    public bool ByDivergence => _isDistribution;

    /// <summary>What each leading row of a run adds to the loss.</summary>
    /// <param name="original">The original's answer.</param>
    /// <param name="other">Another model's, of the same shape.</param>
    public IEnumerable<double> Parts(OrtTensor original, OrtTensor other)
    {
        if (!original.Shape.SequenceEqual(other.Shape))
        {
            return [double.PositiveInfinity];
        }

        double[] a = TensorNumbers.ToDoubles(original, Name);
        double[] b = TensorNumbers.ToDoubles(other, Name);
        int parts = original.Shape.Length > 1 ? (int)original.Shape[0] : 1;
        int length = parts == 0 ? 0 : a.Length / parts;
        int classes = ClassAxis.CountOf(original.Shape);
        return Enumerable.Range(0, parts).Select(part =>
        {
            ReadOnlySpan<double> x = a.AsSpan(part * length, length);
            ReadOnlySpan<double> y = b.AsSpan(part * length, length);
            double loss = _scale * (_isDistribution ? Kl(x, y, classes) : SquaredError(x, y));
            return double.IsNaN(loss) ? double.PositiveInfinity : loss;
        });
    }

    private static double Kl(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int classes)
    {
        ClassStatistics statistics = new();
        statistics.Add(a, b, classes);
        return statistics.Rows * statistics.Kl;
    }

    private static double SquaredError(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = a[i].Equals(b[i]) ? 0 : a[i] - b[i];
            sum += double.IsFinite(a[i]) ? difference * difference : 0;
        }

        return sum;
    }

    private static double[][] Rows(double[] values, int classes) => [.. values.Chunk(classes)];

    private static bool IsDistribution(double[] row) =>
        ClassAxis.IsProbabilities(row)
        || (Array.TrueForAll(row, value => value <= 0)
            && Math.Abs(row.Sum(Math.Exp) - 1) <= ClassAxis.ProbabilityTolerance);
}

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>One model's results against labels or targets.</summary>
internal sealed class LabelScore
{
    private long _right;
    private double _nll;
    private double _signal;
    private double _error;

    /// <summary>Labels or target elements counted.</summary>
    public long Count { get; private set; }

    /// <summary>The share of rows whose best class is the label.</summary>
    public double? Accuracy => Count == 0 ? null : (double)_right / Count;

    /// <summary>Mean negative log-likelihood of the labels, in nats.</summary>
    public double? Nll => Count == 0 ? null : OutputReport.Finite(_nll / Count);

    /// <summary>10 log10(||target||^2 / ||target - output||^2).</summary>
    public double? SnrDb => Count == 0 ? null : OutputReport.Finite(10 * Math.Log10(_signal / _error));

    /// <summary>
    /// Adds rows of scores with a label each; negative labels are left out, rows that are not finite are wrong.
    /// </summary>
    public void AddLabels(double[] labels, double[] scores, int classes)
    {
        double[] log = new double[classes];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0)
            {
                continue;
            }

            ReadOnlySpan<double> row = scores.AsSpan(i * classes, classes);
            ClassStatistics.LogDistribution(row, ClassAxis.IsProbabilities(row), log);
            int label = (int)labels[i];
            bool isFinite = double.IsFinite(log[label]);
            Count++;
            _right += isFinite && ClassStatistics.Largest(row) == label ? 1 : 0;
            _nll -= log[label];
        }
    }

    /// <summary>Adds elements with a target each.</summary>
    public void AddTargets(double[] targets, double[] values)
    {
        Count += targets.Length;
        for (int i = 0; i < targets.Length; i++)
        {
            _signal += targets[i] * targets[i];
            _error += (targets[i] - values[i]) * (targets[i] - values[i]);
        }
    }
}

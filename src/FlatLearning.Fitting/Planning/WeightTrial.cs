using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Planning;

/// <summary>Tries several H on a sample of a weight's columns, judged by one that none of them was made from.</summary>
public static class WeightTrial
{
    private const int Bits = 3;
    private const int Rounds = 6;
    private const int SampleWeights = 1 << 13;

    /// <summary>tr(dWᵀ J dW) / tr(Wᵀ J W) of codes of 3 bits that each H leads to.</summary>
    /// <param name="w">W, row-major [rows, columns], finite.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="weights">The H to try.</param>
    /// <param name="judge">J.</param>
    /// <param name="cancellation">Ends the trial with an <see cref="OperationCanceledException"/>.</param>
    public static IReadOnlyList<double> Errors(
        ReadOnlyMemory<float> w, int rows, int columns, IReadOnlyList<Hessian> weights, Hessian judge,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(judge);
        int taps = FitOptions.DefaultTaps(Bits);
        using TrellisEncoder trellis = new(Bits, taps);
        CodesStart start = new(ScaleCandidates.Of(w.Span, rows, columns, RowScales.Never)[0]);
        return [.. weights.Select(weight =>
        {
            double[] importance = weight.IsFull
                ? weight.Factor.Diagonal
                : [.. Enumerable.Range(0, rows).Select(weight.At)];
            ColumnSample sample = new(new MetricTarget(w, rows, columns, weight), importance, SampleWeights);
            return sample.Judge(start, trellis, Bits, taps, Rounds, judge, cancellation);
        })];
    }
}

using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

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
    /// <param name="workers">The threads of the trial; by default the caller's alone.</param>
    /// <param name="cancellation">Ends the trial with an <see cref="OperationCanceledException"/>.</param>
    public static IReadOnlyList<double> Errors(
        ReadOnlyMemory<float> w, int rows, int columns, IReadOnlyList<Hessian> weights, Hessian judge,
        IWorkers? workers = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(judge);
        int taps = DefaultTaps.Of(Bits);
        MetricTarget target = new(w, rows, columns, Hessian.Identity) { Workers = workers ?? ThreadWorkers.Single };
        CodesStart start = new(ScaleCandidates.Of(target, RowScales.Never)[0]);
        return [.. weights.Select(weight =>
        {
            double[] importance = RowImportance.Of(weight, rows, target.Workers);
            ColumnSample sample = new(target with { Hessian = weight }, importance, SampleWeights);
            return sample.Judge(start, Bits, taps, Rounds, judge, cancellation);
        })];
    }
}

using FlatLearning.Dyn.Metrics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Dyn.Decoding;

/// <summary>beta + sum_h lambda_h / sqrt(||p - q||² + softening_h).</summary>
internal readonly struct DynInverseL2Terms(DistanceMetric metric) : IMetricTerms
{
    private readonly float[] _lambda = [
        .. Enumerable.Range(0, metric.Heads).Select(head => (float)metric.Factor(head))];
    private readonly float[] _softening = [.. Enumerable.Range(0, metric.Heads).Select(metric.Softening)];
    private readonly float _beta = metric.Beta;
    private readonly int _stateDim = metric.StateDim;

    /// <inheritdoc/>
    public unsafe TVector Sum<TLanes, TVector>(float* row, float* block)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged
    {
        TVector sum = TLanes.Broadcast(_beta);
        for (int h = 0; h < _lambda.Length; h++)
        {
            TVector square = TLanes.Broadcast(_softening[h]);
            for (int i = 0; i < _stateDim; i++, row++, block += MetricTable.LaneBlock)
            {
                TVector difference = TLanes.Subtract(TLanes.Broadcast(*row), TLanes.Load(in *block));
                square = TLanes.MultiplyAdd(difference, difference, square);
            }

            sum = TLanes.Add(sum, TLanes.Divide(TLanes.Broadcast(_lambda[h]), TLanes.Sqrt(square)));
        }

        return sum;
    }
}

using FlatLearning.Dyn.Metrics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// dyn-l1, prepared. Rows and columns share one range, so lambda_h |p - q| = lambda_h |step_i| · |row code - column
/// code|: the minimum cancels, codes are exact in float, and the only roundings are those of the weights and of the
/// sum.
/// </summary>
internal readonly struct DynL1Table : IMetricTerms
{
    private readonly float[] _weights;

    private DynL1Table(float[] weights) => _weights = weights;

    /// <summary>Prepares a metric: unpacks its states.</summary>
    public static MetricTable Create(DynL1Metric metric, int groupWidth)
    {
        float[] weights = new float[metric.States.Coordinates];
        for (int i = 0; i < weights.Length; i++)
        {
            double weight = metric.Parameters.Values[i / metric.StateDim]
                * Math.Abs((double)metric.States.Range.Values[weights.Length + i]);
            weights[i] = (float)Math.Clamp(weight, -float.MaxValue, float.MaxValue);
        }

        return new MetricTable<DynL1Table>(StateCodes.Terms(metric.States, groupWidth), new DynL1Table(weights));
    }

    /// <inheritdoc/>
    public unsafe TVector Sum<TLanes, TVector>(float* row, float* block)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged
    {
        float[] weights = _weights;
        TVector sum = TLanes.Broadcast(0f);
        for (int i = 0; i < weights.Length; i++)
        {
            TVector distance =
                TLanes.Abs(TLanes.Subtract(TLanes.Broadcast(row[i]), TLanes.Load(in block[i * MetricTable.LaneBlock])));
            sum = TLanes.MultiplyAdd(TLanes.Broadcast(weights[i]), distance, sum);
        }

        return sum;
    }
}

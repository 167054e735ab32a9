using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// One metric as a function of a row's terms and a column's, written once for all lane counts;
/// <see cref="MetricTable{TTerms}"/> traverses with it. A new metric is one such struct.
/// </summary>
internal interface IMetricTerms
{
    /// <summary>The metric between one row and as many columns as the register has lanes.</summary>
    /// <param name="row">The row's terms.</param>
    /// <param name="block">Column terms; term i of the first column lies at i ·
    /// <see cref="MetricTable.LaneBlock"/>.</param>
    unsafe TVector Sum<TLanes, TVector>(float* row, float* block)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged;
}

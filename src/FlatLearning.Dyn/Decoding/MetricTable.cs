using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// A metric prepared for decoding: what depends on rows alone and on columns alone, computed once in double precision
/// and rounded to float. Immutable.
/// </summary>
internal abstract class MetricTable
{
    /// <summary>Columns per block of column terms.</summary>
    public const int LaneBlock = CodebookTable.LaneBlock;

    /// <summary>Bytes held.</summary>
    public abstract long ByteLength { get; }

    /// <summary>Prepares a metric for tiles of the given group width.</summary>
    public static MetricTable Create(Metric metric, int groupWidth) => metric switch
    {
        RiemMetric riem => RiemTable.Create(riem, groupWidth),
        DynL1Metric l1 => DynL1Table.Create(l1, groupWidth),
        DistanceMetric distance => DistanceTable.Create(distance, groupWidth),
        _ => throw new NotSupportedException($"The metric {metric.Kind} has no production decoder."),
    };

    /// <summary>
    /// Writes metric(p_k, q_n) for rows [firstRow, firstRow + rowCount) and the first <paramref name="width"/> columns
    /// of a group.
    /// </summary>
    /// <param name="group">Column group.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="rowCount">Rows.</param>
    /// <param name="width">Columns to write, at most the group width.</param>
    /// <param name="destination">[rowCount, stride].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public abstract unsafe void Write(int group, int firstRow, int rowCount, int width, float* destination, int stride);
}

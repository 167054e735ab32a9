using System.Runtime.Intrinsics;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// dyn-l1, prepared. Rows and columns share one range, so lambda_h |p - q| = lambda_h |step_i| · |row code - column code|: the
/// minimum cancels, codes are exact in float, and the only roundings are those of the weights and of the sum.
/// </summary>
internal sealed class DynL1Table : MetricTable
{
    private readonly float[] _weights;

    private DynL1Table(int groupWidth, float[] weights, float[] rowTerms, float[] columnTerms)
        : base(groupWidth, weights.Length, rowTerms, columnTerms) => _weights = weights;

    /// <summary>Prepares a metric: unpacks its states.</summary>
    public static DynL1Table Create(DynL1Metric metric, int groupWidth)
    {
        int terms = metric.States.Coordinates;
        int rows = metric.States.Rows.Layout.Columns;
        int columns = metric.States.Columns.Layout.Columns;
        (float[] rowTerms, float[] columnTerms) = Allocate(rows, columns, terms, groupWidth);
        byte[] rowCodes = Unpack(metric.States.Rows);
        byte[] columnCodes = Unpack(metric.States.Columns);
        float[] weights = new float[terms];
        for (int i = 0; i < terms; i++)
        {
            double weight = metric.Parameters.Values[i / metric.StateDim] * Math.Abs((double)metric.States.Range.Values[terms + i]);
            weights[i] = (float)Math.Clamp(weight, -float.MaxValue, float.MaxValue);
            for (int k = 0; k < rows; k++)
            {
                rowTerms[((long)k * terms) + i] = rowCodes[((long)i * rows) + k];
            }

            for (int n = 0; n < columns; n++)
            {
                columnTerms[ColumnIndex(n, i, terms, groupWidth)] = columnCodes[((long)i * columns) + n];
            }
        }

        return new DynL1Table(groupWidth, weights, rowTerms, columnTerms);
    }

    /// <inheritdoc/>
    public override unsafe void Write(int group, int firstRow, int rowCount, int width, float* destination, int stride)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Write<Lanes512, Vector512<float>>(group, firstRow, rowCount, width, destination, stride);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Write<Lanes256, Vector256<float>>(group, firstRow, rowCount, width, destination, stride);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Write<Lanes128, Vector128<float>>(group, firstRow, rowCount, width, destination, stride);
        }
        else
        {
            Write<Lanes1, float>(group, firstRow, rowCount, width, destination, stride);
        }
    }

    private unsafe void Write<TLanes, TVector>(int group, int firstRow, int rowCount, int width, float* destination, int stride)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged
    {
        float* partial = stackalloc float[LaneBlock];
        fixed (float* rows = RowTerms, columns = ColumnTerms, weights = _weights)
        {
            for (int column = 0; column < width; column += TLanes.Count)
            {
                float* block = columns + BlockOffset(group, column) + (column % LaneBlock);
                for (int k = 0; k < rowCount; k++)
                {
                    float* row = rows + ((long)(firstRow + k) * Terms);
                    TVector sum = TLanes.Broadcast(0f);
                    for (int i = 0; i < Terms; i++)
                    {
                        TVector distance = TLanes.Abs(TLanes.Subtract(TLanes.Broadcast(row[i]), TLanes.Load(in block[i * LaneBlock])));
                        sum = TLanes.MultiplyAdd(TLanes.Broadcast(weights[i]), distance, sum);
                    }

                    TileStore.Store<TLanes, TVector>(sum, destination + ((long)k * stride) + column, width - column, partial);
                }
            }
        }
    }
}

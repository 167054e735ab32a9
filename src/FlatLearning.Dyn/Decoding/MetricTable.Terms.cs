using System.Runtime.Intrinsics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Dyn.Decoding;

/// <summary>The one traversal of rows and column blocks for every metric, by the widest registers there are.</summary>
/// <typeparam name="TTerms">The metric.</typeparam>
internal sealed class MetricTable<TTerms>(MetricTerms terms, TTerms metric) : MetricTable
    where TTerms : struct, IMetricTerms
{
    /// <inheritdoc/>
    public override long ByteLength => sizeof(float) * ((long)terms.Rows.Length + terms.Columns.Length);

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

    private unsafe void Write<TLanes, TVector>(
        int group, int firstRow, int rowCount, int width, float* destination, int stride)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged
    {
        float* partial = stackalloc float[LaneBlock];
        TTerms local = metric;
        fixed (float* rows = terms.Rows, columns = terms.Columns)
        {
            for (int column = 0; column < width; column += TLanes.Count)
            {
                long offset = (((long)group * terms.BlocksPerGroup) + (column / LaneBlock)) * terms.Count * LaneBlock;
                float* block = columns + offset + (column % LaneBlock);
                for (int k = 0; k < rowCount; k++)
                {
                    TVector value = local.Sum<TLanes, TVector>(rows + ((long)(firstRow + k) * terms.Count), block);
                    TileStore.Store<TLanes, TVector>(
                        value, destination + ((long)k * stride) + column, width - column, partial);
                }
            }
        }
    }
}

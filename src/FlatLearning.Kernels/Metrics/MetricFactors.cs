using FlatLearning.Dyn.Decoding;
using FlatLearning.Kernels.DequantGemm;

namespace FlatLearning.Kernels.Metrics;

/// <summary>
/// metric ≈ U · V with orthonormal columns of U, found when the kernel is created: U spans a sample of whole column
/// groups, V = Uᵀ · metric. What is left over, metric - U · V, is computed for every element (beyond
/// <see cref="MaxChecked"/> elements for evenly spread groups), so its size is known and not estimated.
/// </summary>
internal sealed unsafe class MetricFactors
{
    /// <summary>
    /// Accepted: a left-over of this part of the metric in the Frobenius norm, 1.5e-5. Layers lose 1e-2 and more to
    /// their own fit; a product in float32 over 4,096 inputs loses about as much as this.
    /// </summary>
    public const double Tolerance = 1.0 / (1 << 16);

    private const int MaxRank = 512;
    private const long MaxChecked = 1L << 24;
    private const int Attempts = 3;

    private MetricFactors(float[] u, float[] v, int rank, double leftOver) =>
        (U, V, Rank, LeftOver) = (u, v, rank, leftOver);

    /// <summary>[rank, K]: the columns of U, one after another.</summary>
    public float[] U { get; }

    /// <summary>[rank, N].</summary>
    public float[] V { get; }

    /// <summary>Columns of U.</summary>
    public int Rank { get; }

    /// <summary>||metric - U V|| / ||metric||, Frobenius.</summary>
    public double LeftOver { get; }

    /// <summary>
    /// Factors that meet the tolerance and cost at most half of a product with the matrix, or null where there are
    /// none.
    /// </summary>
    public static MetricFactors? TryCreate(WeightDecoder decoder)
    {
        int max = (int)Math.Min(
            MaxRank, (long)decoder.Rows * decoder.Columns / (2 * ((long)decoder.Rows + decoder.Columns)));
        OrthonormalBasis basis = new(decoder.Rows, max);
        List<int> groups = Spread(decoder.Groups, Math.Min(decoder.Groups, 1 + (max / decoder.GroupWidth)));
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            foreach (int group in groups)
            {
                // Half of the tolerance for the sample leaves the other half for the columns beside it.
                if (!basis.Extend(Columns(decoder, group), decoder.WidthOf(group), Tolerance / 2))
                {
                    return null;
                }
            }

            float[] v = new float[basis.Rank * decoder.Columns];
            (double leftOver, int worst) = Project(decoder, basis, v);
            if (leftOver <= Tolerance)
            {
                return new MetricFactors(basis.Vectors.ToArray(), v, basis.Rank, leftOver);
            }

            groups = [worst];
        }

        return null;
    }

    private static List<int> Spread(int count, int wanted) =>
        [.. Enumerable.Range(0, wanted).Select(i => (int)((long)i * count / wanted))];

    // One group as columns: [width, K].
    private static float[] Columns(WeightDecoder decoder, int group)
    {
        int width = decoder.WidthOf(group);
        float[] tile = new float[(long)decoder.Rows * width];
        decoder.DecodeTile(group, 0, decoder.Rows, tile, width, DecodeParts.Metric);
        float[] columns = new float[tile.Length];
        for (int k = 0; k < decoder.Rows; k++)
        {
            for (int n = 0; n < width; n++)
            {
                columns[(n * decoder.Rows) + k] = tile[(k * width) + n];
            }
        }

        return columns;
    }

    // V, the relative left-over and the group that has most of it.
    private static (double LeftOver, int Worst) Project(WeightDecoder decoder, OrthonormalBasis basis, float[] v)
    {
        (int rows, int rank) = (decoder.Rows, basis.Rank);
        int step = (int)Math.Clamp((long)rows * decoder.Columns / MaxChecked, 1, decoder.Groups);
        int widest = (decoder.GroupWidth + PanelProduct.Block - 1) / PanelProduct.Block * PanelProduct.Block;
        using Scratch memory =
            new(sizeof(float) * (((long)rows * widest * 2) + ((long)rank * widest) + ((long)rank * rows)));
        float* tile = (float*)memory.Pointer;
        float* product = tile + ((long)rows * widest);
        float* projection = product + ((long)rows * widest);
        float* transposed = projection + ((long)rank * widest);
        basis.WriteRows(transposed);
        (double all, double left, double max, int worst) = (0, 0, -1, 0);
        fixed (float* vectors = basis.Vectors)
        {
            for (int group = 0; group < decoder.Groups; group++)
            {
                int width = decoder.WidthOf(group);
                int padded = (width + PanelProduct.Block - 1) / PanelProduct.Block * PanelProduct.Block;
                new Span<float>(tile, rows * padded).Clear();
                new Span<float>(projection, rank * padded).Clear();
                decoder.DecodeTile(group, 0, rows, new Span<float>(tile, rows * padded), padded, DecodeParts.Metric);
                PanelProduct.Accumulate(vectors, rows, rank, tile, padded, rows, projection);
                for (int r = 0; r < rank; r++)
                {
                    new Span<float>(projection + (r * padded), width).CopyTo(
                        v.AsSpan((r * decoder.Columns) + (group * decoder.GroupWidth)));
                }

                if (group % step == 0)
                {
                    new Span<float>(product, rows * padded).Clear();
                    PanelProduct.Accumulate(transposed, rank, rows, projection, padded, rank, product);
                    (double square, double difference) = Squares(tile, product, (long)rows * padded);
                    (all, left) = (all + square, left + difference);
                    (max, worst) = difference > max ? (difference, group) : (max, worst);
                }
            }
        }

        return (left == 0 ? 0 : Math.Sqrt(left / all), worst);
    }

    private static (double Square, double Difference) Squares(float* tile, float* product, long count)
    {
        (double square, double difference) = (0, 0);
        for (long i = 0; i < count; i++)
        {
            double delta = (double)tile[i] - product[i];
            square += (double)tile[i] * tile[i];
            difference += delta * delta;
        }

        return (square, difference);
    }
}

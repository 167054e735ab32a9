using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>
/// One item: one coordinate of one row of x, from inputs to the weighted sum of distances from every code.
/// </summary>
/// <param name="layout">Of the row states, D x K.</param>
/// <param name="states">Their bytes.</param>
/// <param name="x">[rows, K], multiplied by rho.</param>
/// <param name="weights">lambda · step of each coordinate.</param>
/// <param name="tables">[rows, D, 2^s], written.</param>
internal readonly unsafe struct BucketTask(CodeLayout layout, byte* states, float* x, double* weights, float* tables)
    : IParallelWork
{
    private const int MaxLevels = 256;

    // An addition waits for the one before to the same bucket; neighbouring inputs go to buckets of different sets.
    private const int Sets = 4;

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int levels = 1 << layout.Bits;
        (int row, int coordinate) = (item / layout.Rows, item % layout.Rows);
        float* buckets = stackalloc float[Sets * MaxLevels];
        new Span<float>(buckets, Sets * MaxLevels).Clear();
        byte* unpacked = stackalloc byte[CodeLayout.MaxGroupWidth];
        float* from = x + ((long)row * layout.Columns);
        for (int group = 0; group < layout.Groups; group++)
        {
            byte* codes = Codes(layout, states, group, coordinate, unpacked);
            int first = group * layout.GroupWidth;
            Add(from + first, codes, Math.Min(layout.GroupWidth, layout.Columns - first), buckets);
        }

        Distances(buckets, levels, weights[coordinate], tables + ((long)item * levels));
    }

    /// <summary>One byte per code of one coordinate of a group: in place where codes have 8 bits.</summary>
    public static byte* Codes(CodeLayout layout, byte* states, int group, int coordinate, byte* unpacked)
    {
        byte* packed = states + layout.Offset(group, coordinate);
        if (layout.Bits == 8)
        {
            return packed;
        }

        CodeUnpacker.UnpackRow(
            new ReadOnlySpan<byte>(packed, layout.BytesPerRow),
            layout.Bits,
            new Span<byte>(unpacked, layout.GroupWidth));
        return unpacked;
    }

    private static void Add(float* x, byte* codes, int count, float* buckets)
    {
        int k = 0;
        for (; k <= count - Sets; k += Sets)
        {
            buckets[codes[k]] += x[k];
            buckets[MaxLevels + codes[k + 1]] += x[k + 1];
            buckets[(2 * MaxLevels) + codes[k + 2]] += x[k + 2];
            buckets[(3 * MaxLevels) + codes[k + 3]] += x[k + 3];
        }

        for (; k < count; k++)
        {
            buckets[codes[k]] += x[k];
        }
    }

    // From below, the sum of distances to code c grows by all that lies below c + 1; the same from above. In double
    // precision: differences of large sums.
    private static void Distances(float* buckets, int levels, double weight, float* table)
    {
        double* below = stackalloc double[MaxLevels];
        double* total = stackalloc double[MaxLevels];
        double mass = 0;
        double distance = 0;
        for (int c = 0; c < levels; c++)
        {
            total[c] = ((double)buckets[c] + buckets[MaxLevels + c])
                + ((double)buckets[(2 * MaxLevels) + c] + buckets[(3 * MaxLevels) + c]);
            distance += mass;
            below[c] = distance;
            mass += total[c];
        }

        mass = 0;
        distance = 0;
        for (int c = levels - 1; c >= 0; c--)
        {
            distance += mass;
            table[c] = (float)(weight * (below[c] + distance));
            mass += total[c];
        }
    }
}

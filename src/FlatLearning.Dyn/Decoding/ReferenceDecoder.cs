using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// Decodes a weight in double precision, term by term as the specification writes it. It shares nothing with the
/// production decoder but the types, and is the oracle of every other decoder and kernel.
/// </summary>
public static class ReferenceDecoder
{
    /// <summary>All of W, row-major [K, N].</summary>
    public static double[] Decode(DynWeight weight)
    {
        double[] dense = new double[checked(weight.Rows * weight.Columns)];
        foreach (WeightTerm term in weight.Terms.Where(term => term.IsScaled))
        {
            Add(dense, term.Reference(weight));
        }

        for (int i = 0; i < dense.Length; i++)
        {
            dense[i] = dense[i] * (weight.RowScale?.Values[i / weight.Columns] ?? 1.0)
                * (weight.ColumnScale?.Values[i % weight.Columns] ?? 1.0);
        }

        foreach (WeightTerm term in weight.Terms.Where(term => !term.IsScaled))
        {
            Add(dense, term.Reference(weight));
        }

        return dense;
    }

    /// <summary>code[k,n]: the residual alone.</summary>
    public static double Code(PackedCodes codes, Codebook codebook, int k, int n)
    {
        if (codebook.IsWindow)
        {
            int index = 0;
            for (int t = 0; t < codebook.Taps && t <= k; t++)
            {
                index += CodeReader.Read(codes, k - t, n) << (codebook.Bits * t);
            }

            return codebook.Table.Values[index];
        }

        double sum = 0;
        for (int t = 0; t < codebook.Taps && t <= k; t++)
        {
            sum += codebook.Table.Values[(t * codebook.Levels) + CodeReader.Read(codes, k - t, n)];
        }

        return sum;
    }

    private static void Add(double[] sum, double[] values)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += values[i];
        }
    }
}

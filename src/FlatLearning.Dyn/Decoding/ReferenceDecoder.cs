using FlatLearning.Dyn.Layout;

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
        double[]? p = weight.Metric?.States.DecodeRows();
        double[]? q = weight.Metric?.States.DecodeColumns();
        int d = weight.Metric?.States.Coordinates ?? 0;
        double[]? banded = weight.Bands is null
            ? null
            : Codes(
                weight.Bands,
                ScaleOrder.Of(weight.RowScale, weight.Rows),
                ScaleOrder.Of(weight.ColumnScale, weight.Columns));
        for (int k = 0; k < weight.Rows; k++)
        {
            for (int n = 0; n < weight.Columns; n++)
            {
                double value = weight.Metric is null
                    ? 0
                    : weight.Metric.Evaluate(p.AsSpan(k * d, d), q.AsSpan(n * d, d));
                value += weight.Codes is null ? 0 : Code(weight.Codes, weight.Codebook!, k, n);
                value += banded is null ? 0 : banded[(k * weight.Columns) + n];
                dense[(k * weight.Columns) + n] =
                    value * (weight.RowScale?.Values[k] ?? 1.0) * (weight.ColumnScale?.Values[n] ?? 1.0);
            }
        }

        for (int n = 0; weight.Sparse is { } sparse && n < weight.Columns; n++)
        {
            sparse.Column(n, out ReadOnlySpan<int> rows, out ReadOnlySpan<float> values);
            for (int i = 0; i < rows.Length; i++)
            {
                dense[(rows[i] * weight.Columns) + n] += values[i];
            }
        }

        return dense;
    }

    /// <summary>code [K, N] of banded codes, each at the row and column that stand at its place.</summary>
    private static double[] Codes(BandedCodes bands, int[] rowOrder, int[] columnOrder)
    {
        double[] codes = new double[checked(bands.Rows * bands.Columns)];
        for (int place = 0; place < bands.Columns; place++)
        {
            foreach (BandSection section in bands.Sections(place / bands.GroupWidth))
            {
                CodeBand band = bands.Bands[section.Band];
                for (int i = 0; i < section.Rows; i++)
                {
                    codes[(rowOrder[section.FirstRow + i] * bands.Columns) + columnOrder[place]] =
                        Code(band.Codes!, band.Codebook, section.Position + i, place % bands.GroupWidth);
                }
            }
        }

        return codes;
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
}

using FlatLearning.Dyn.Layout;

namespace FlatLearning.Fitting.Bands;

/// <summary>Which rows of each group get codes of which width.</summary>
/// <param name="Starts">[G + 1, B], as <see cref="BandedCodes"/> has them.</param>
/// <param name="CodeBits">Bits of all codes, padded columns counted.</param>
/// <param name="Error">The expected relative weighted error.</param>
/// <param name="PlainError">The expected relative error with every row counted alike.</param>
internal sealed record BandPlan(int[] Starts, long CodeBits, double Error, double PlainError)
{
    private static int Bands => BandCodebooks.Widths.Length;

    /// <summary>P: rows of a band, all groups together.</summary>
    public int RowsOf(int band) => Starts[^(Bands - band)];

    /// <summary>The sections of a group that have codes, by rows.</summary>
    public IEnumerable<BandSection> Sections(int group)
    {
        int row = 0;
        for (int band = 0; band < Bands; band++)
        {
            int position = Starts[(group * Bands) + band];
            int count = Starts[((group + 1) * Bands) + band] - position;
            if (count > 0)
            {
                yield return new BandSection(band, row, count, position);
                row += count;
            }
        }
    }
}

using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// Encodes the sections of a plan, band by band: each band is one long matrix for the trellis, whose taps run through
/// all of its sections.
/// </summary>
internal sealed class BandEncoder(BandField field, BandPlan plan)
{
    private const int Lanes = TrellisEncoder.Lanes;

    /// <summary>sum (w - w~)² of everything that was encoded.</summary>
    public double Error { get; private set; }

    /// <summary>The same with every row's sum multiplied by h.</summary>
    public double WeightedError { get; private set; }

    /// <summary>Encodes one band. Returns its codes, row-major [P, g].</summary>
    /// <param name="band">Which.</param>
    /// <param name="tables">Its tables, as stored.</param>
    /// <param name="eachBlock">Called with a share of the band's work.</param>
    public byte[] Encode(int band, AdditiveTables tables, Action<double> eachBlock)
    {
        int rows = plan.RowsOf(band);
        byte[] codes = new byte[checked(rows * field.GroupWidth)];
        if (rows == 0)
        {
            return codes;
        }

        using TrellisEncoder? trellis = tables.Taps > 1 ? new TrellisEncoder(tables.Bits, tables.Taps) : null;
        float[] weights = RowWeights(band, rows);
        float[] x = new float[rows * Lanes];
        byte[] block = new byte[x.Length];
        int blocks = (field.GroupWidth + Lanes - 1) / Lanes;
        for (int i = 0; i < blocks; i++)
        {
            int first = i * Lanes;
            int width = Math.Min(Lanes, field.GroupWidth - first);
            ForEachSection(
                band,
                (group, section) => field.Load(
                    group,
                    first,
                    section.FirstRow,
                    section.Rows,
                    x.AsSpan(section.Position * Lanes, section.Rows * Lanes)));
            Encode(trellis, tables, x, weights, block);
            for (int row = 0; row < rows; row++)
            {
                block.AsSpan(row * Lanes, width).CopyTo(codes.AsSpan((row * field.GroupWidth) + first));
            }

            ForEachSection(band, (group, section) => AddErrors(tables, block, group, first, section));
            eachBlock(1.0 / blocks);
        }

        return codes;
    }

    /// <summary>Adds what is lost where there are no codes.</summary>
    public void AddUncoded()
    {
        for (int group = 0; group < field.Groups; group++)
        {
            for (int place = plan.Sections(group).Sum(section => section.Rows); place < field.Rows; place++)
            {
                int row = field.RowOrder[place];
                double sum = 0;
                for (int n = 0; n < field.ColumnsOf(group); n++)
                {
                    double rest =
                        field.Rest(row, field.ColumnOrder[(group * field.GroupWidth) + n], field.RowScale.Values[row]);
                    sum += rest * rest;
                }

                Error += sum;
                WeightedError += field.Importance(place) * sum;
            }
        }
    }

    private static void Encode(TrellisEncoder? trellis, AdditiveTables tables, float[] x, float[] weights, byte[] codes)
    {
        if (trellis is not null)
        {
            trellis.Encode(tables, x, weights, codes);
            return;
        }

        ScalarEncoder scalar = new(tables.Values);
        for (int i = 0; i < x.Length; i++)
        {
            codes[i] = scalar.Encode(x[i]);
        }
    }

    private void AddErrors(AdditiveTables tables, byte[] codes, int group, int firstLane, BandSection section)
    {
        int lanes = Math.Min(Lanes, field.ColumnsOf(group) - firstLane);
        for (int i = 0; i < section.Rows; i++)
        {
            int row = field.RowOrder[section.FirstRow + i];
            double rho = field.RowScale.Values[row];
            double sum = 0;
            for (int lane = 0; lane < lanes; lane++)
            {
                int column = field.ColumnOrder[(group * field.GroupWidth) + firstLane + lane];
                double error = field.Rest(row, column, rho)
                    - (rho * field.ColumnScale.Values[column] * tables.Sum(codes, section.Position + i, lane, Lanes));
                sum += error * error;
            }

            Error += sum;
            WeightedError += field.Importance(section.FirstRow + i) * sum;
        }
    }

    private float[] RowWeights(int band, int rows)
    {
        double[] weights = new double[rows];
        ForEachSection(band, (_, section) =>
        {
            for (int i = 0; i < section.Rows; i++)
            {
                weights[section.Position + i] = field.PlaceWeight(section.FirstRow + i);
            }
        });
        return BandWeights.Of(rows, i => weights[i]);
    }

    private void ForEachSection(int band, Action<int, BandSection> action)
    {
        for (int group = 0; group < field.Groups; group++)
        {
            foreach (BandSection section in plan.Sections(group).Where(section => section.Band == band))
            {
                action(group, section);
            }
        }
    }
}

using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Codes;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// Encodes the sections of a plan, band by band: each band is one long matrix for the trellis, whose taps run through
/// all of its sections.
/// </summary>
internal sealed class BandEncoder(BandField field, BandPlan plan, IWorkers workers)
{
    private const int Lanes = TrellisEncoder.Lanes;
    private readonly int _blocks = (field.GroupWidth + Lanes - 1) / Lanes;

    /// <summary>sum (w - w~)² of everything that was encoded.</summary>
    public double Error { get; private set; }

    /// <summary>The same with every row's sum multiplied by h.</summary>
    public double WeightedError { get; private set; }

    /// <summary>Encodes all bands. Returns the codes of each, row-major [P, g].</summary>
    /// <param name="tables">The tables of each band, as stored.</param>
    /// <param name="advance">Called with shares of the work, from any thread.</param>
    public IReadOnlyList<byte[]> Encode(IReadOnlyList<AdditiveTables> tables, Action<double> advance)
    {
        byte[][] codes = [.. tables.Select((_, band) => new byte[checked(plan.RowsOf(band) * field.GroupWidth)])];
        float[][] weights = [.. tables.Select((_, band) => RowWeights(band, plan.RowsOf(band)))];
        List<BandSectionSums>[] sums = new List<BandSectionSums>[tables.Count * _blocks];
        workers.For(sums.Length, i =>
        {
            int band = i / _blocks;
            sums[i] = plan.RowsOf(band) == 0
                ? []
                : EncodeBlock(tables[band], band, i % _blocks, weights[band], codes[band]);
            advance(1.0 / sums.Length);
        });
        foreach (BandSectionSums section in sums.SelectMany(block => block))
        {
            Add(section);
        }

        return codes;
    }

    /// <summary>Adds what is lost where there are no codes.</summary>
    public void AddUncoded()
    {
        BandSectionSums[] sums = new BandSectionSums[field.Groups];
        workers.For(field.Groups, group =>
        {
            int first = plan.Sections(group).Sum(section => section.Rows);
            double[] rows = new double[field.Rows - first];
            for (int i = 0; i < rows.Length; i++)
            {
                int row = field.RowOrder[first + i];
                for (int n = 0; n < field.ColumnsOf(group); n++)
                {
                    double rest =
                        field.Rest(row, field.ColumnOrder[(group * field.GroupWidth) + n], field.RowScale.Values[row]);
                    rows[i] += rest * rest;
                }
            }

            sums[group] = new BandSectionSums(first, rows);
        });
        foreach (BandSectionSums group in sums)
        {
            Add(group);
        }
    }

    private void Add(BandSectionSums sums)
    {
        for (int i = 0; i < sums.Rows.Length; i++)
        {
            Error += sums.Rows[i];
            WeightedError += field.Importance(sums.FirstRow + i) * sums.Rows[i];
        }
    }

    /// <summary>Encodes sixteen columns of a band and returns what its sections lose there.</summary>
    private List<BandSectionSums> EncodeBlock(
        AdditiveTables tables, int band, int block, float[] weights, byte[] codes)
    {
        int rows = weights.Length;
        int first = block * Lanes;
        int width = Math.Min(Lanes, field.GroupWidth - first);
        using BlockCoder coder = new(tables.Bits, tables.Taps, rows);
        ForEachSection(
            band,
            (group, section) => field.Load(
                group,
                first,
                section.FirstRow,
                section.Rows,
                coder.Values.AsSpan(section.Position * Lanes, section.Rows * Lanes)));
        coder.Encode(tables, tables.Taps > 1 ? null : new ScalarEncoder(tables.Values), weights);
        for (int row = 0; row < rows; row++)
        {
            coder.Codes.AsSpan(row * Lanes, width).CopyTo(codes.AsSpan((row * field.GroupWidth) + first));
        }

        List<BandSectionSums> sums = [];
        ForEachSection(band, (group, section) => sums.Add(Errors(tables, coder.Codes, group, first, section)));
        return sums;
    }

    private BandSectionSums Errors(AdditiveTables tables, byte[] codes, int group, int firstLane, BandSection section)
    {
        int lanes = Math.Min(Lanes, field.ColumnsOf(group) - firstLane);
        double[] sums = new double[section.Rows];
        for (int i = 0; i < sums.Length; i++)
        {
            int row = field.RowOrder[section.FirstRow + i];
            double rho = field.RowScale.Values[row];
            for (int lane = 0; lane < lanes; lane++)
            {
                int column = field.ColumnOrder[(group * field.GroupWidth) + firstLane + lane];
                double error = field.Rest(row, column, rho)
                    - (rho * field.ColumnScale.Values[column] * tables.Sum(codes, section.Position + i, lane, Lanes));
                sums[i] += error * error;
            }
        }

        return new BandSectionSums(section.FirstRow, sums);
    }

    private float[] RowWeights(int band, int rows)
    {
        if (rows == 0)
        {
            return [];
        }

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

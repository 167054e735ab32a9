using FlatLearning.Fitting.Codes;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// Measures on some blocks of sixteen columns what every width loses, with the common tables and with ones trained
/// there.
/// </summary>
internal sealed class BandSample
{
    private const int Lanes = TrellisEncoder.Lanes;

    /// <summary>
    /// The first rows have fewer taps; what that costs counts once a band and not in its shares
    /// (<see cref="BandCodebooks.StartLosses"/>).
    /// </summary>
    private const int StartRows = 8;

    private readonly List<float[]> _blocks = [];
    private readonly List<double[]> _columnWeights = [];
    private readonly List<int> _columns = [];
    private readonly int _allColumns;
    private readonly float[] _rowWeights;
    private readonly int _rows;
    private readonly IWorkers _workers;

    /// <summary>
    /// Takes about so many weights, evenly spread over the columns by scale; the block of the largest scales, whose
    /// errors count most, always.
    /// </summary>
    public BandSample(BandField field, int weights, IWorkers workers)
    {
        (_rows, _allColumns, _workers) = (field.Rows, field.Columns, workers);
        List<(int Group, int Lane)> all = [];
        for (int group = 0; group < field.Groups; group++)
        {
            for (int lane = 0; lane < field.ColumnsOf(group); lane += Lanes)
            {
                all.Add((group, lane));
            }
        }

        int count = Math.Clamp(weights / (_rows * Lanes), 1, all.Count);
        for (int i = 0; i < count; i++)
        {
            (int group, int lane) = all[(int)((long)i * all.Count / count)];
            float[] x = new float[_rows * Lanes];
            field.Load(group, lane, 0, _rows, x);
            _blocks.Add(x);
            double[] columns = new double[Lanes];
            for (int j = 0; j < Lanes && lane + j < field.ColumnsOf(group); j++)
            {
                double scale = field.ColumnScale.Values[field.ColumnOrder[(group * field.GroupWidth) + lane + j]];
                columns[j] = scale * scale;
            }

            _columnWeights.Add(columns);
            _columns.Add((group * field.GroupWidth) + lane);
        }

        _rowWeights = BandWeights.Of(_rows, field.PlaceWeight);
    }

    /// <summary>The common tables.</summary>
    /// <param name="cancellation">Looked at between widths.</param>
    public BandErrors Common(CancellationToken cancellation) =>
        new([.. CodeAll(0, cancellation).Select(width => width.Shares)], null);

    /// <summary>Tables trained from the common ones.</summary>
    /// <param name="rounds">Rounds of encoding and solving.</param>
    /// <param name="cancellation">Looked at between widths.</param>
    public BandErrors Trained(int rounds, CancellationToken cancellation)
    {
        (AdditiveTables Tables, double[] Shares)[] widths = CodeAll(rounds, cancellation);
        return new BandErrors(
            [.. widths.Select(width => width.Shares)], [.. widths.Select(width => BandCodebooks.Stored(width.Tables))]);
    }

    private (AdditiveTables Tables, double[] Shares)[] CodeAll(int rounds, CancellationToken cancellation)
    {
        (AdditiveTables, double[])[] widths = new (AdditiveTables, double[])[BandCodebooks.Widths.Length];
        _workers.For(widths.Length, i =>
        {
            cancellation.ThrowIfCancellationRequested();
            widths[i] = Code(BandCodebooks.Tables(BandCodebooks.Widths[i]), rounds);
        });
        return widths;
    }

    private (AdditiveTables Tables, double[] Shares) Code(AdditiveTables tables, int rounds)
    {
        using TrellisEncoder trellis = new(tables.Bits, tables.Taps);
        byte[] codes = new byte[_rows * Lanes];
        (AdditiveTables best, double[] bestShares, double min) = (tables, [], double.PositiveInfinity);
        for (int round = 0; round <= rounds; round++)
        {
            TableStatistics statistics = new(tables.Bits, tables.Taps);
            double[] errors = new double[BandErrors.RowRegions * BandErrors.ColumnRegions];
            double[] scales = new double[errors.Length];
            for (int block = 0; block < _blocks.Count; block++)
            {
                trellis.Encode(tables, _blocks[block], _rowWeights, codes);
                AddErrors(tables, codes, block, errors, scales);
                for (int lane = 0; round < rounds && lane < Lanes; lane++)
                {
                    if (_columnWeights[block][lane] > 0)
                    {
                        statistics.Add(codes, _blocks[block], lane, Lanes, _rowWeights, _columnWeights[block][lane]);
                    }
                }
            }

            double all = scales.Sum() > 0 ? errors.Sum() / scales.Sum() : 0;
            if (all < min)
            {
                // A region that the sample has nothing of is taken to be like all of it.
                (best, bestShares, min) =
                    (tables, [.. errors.Zip(scales, (error, scale) => scale > 0 ? error / scale : all)], all);
            }

            tables = round < rounds ? statistics.Solve(tables) : tables;
        }

        return (best, bestShares);
    }

    private void AddErrors(AdditiveTables tables, byte[] codes, int block, double[] errors, double[] scales)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            double weight = _columnWeights[block][lane];
            for (int k = Math.Min(StartRows, _rows / 4); weight > 0 && k < _rows; k++)
            {
                double difference = _blocks[block][(k * Lanes) + lane] - tables.Sum(codes, k, lane, Lanes);
                int region = BandErrors.Region(k, _rows, _columns[block] + lane, _allColumns);
                errors[region] += weight * _rowWeights[k] * difference * difference;
                scales[region] += weight * _rowWeights[k];
            }
        }
    }
}

namespace FlatLearning.Dyn.Layout;

/// <summary>
/// Codes of several widths in one matrix: within each group of columns the first rows have the first band's width, the
/// next ones the second's, and rows after the last band have no codes. Rows and columns count in the order of their
/// scales (<see cref="ScaleOrder"/>), so that strong ones get wide codes. Section "Bands" of
/// <c>schemas/DynMatMul.md</c>.
/// </summary>
public sealed class BandedCodes
{
    /// <summary>The largest number of bands.</summary>
    public const int MaxBands = 6;

    private readonly int[] _starts;
    private readonly BandSection[][] _sections;

    /// <summary>Wraps bands. Throws <see cref="DynFormatException"/> where the parts do not fit together.</summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="groupWidth">g, a multiple of 8 from 8 to <see cref="CodeLayout.MaxGroupWidth"/>.</param>
    /// <param name="bands">1 to <see cref="MaxBands"/>.</param>
    /// <param name="starts">[G + 1, B]: where the sections of each group begin in each band; the last row holds the
    /// bands' lengths.</param>
    public BandedCodes(int rows, int columns, int groupWidth, IReadOnlyList<CodeBand> bands, ReadOnlySpan<int> starts)
    {
        CodeLayout grid = new(rows, columns, 1, groupWidth);
        Require(bands.Count is >= 1 and <= MaxBands, $"codes have 1 to {MaxBands} bands, found {bands.Count}");
        Require(
            starts.Length == (grid.Groups + 1L) * bands.Count,
            $"bands has {starts.Length} numbers, expected {(grid.Groups + 1L) * bands.Count}: {grid.Groups} groups "
                + $"and 1, times {bands.Count} bands");
        (Rows, Columns, GroupWidth, Groups, Bands) = (rows, columns, groupWidth, grid.Groups, bands);
        _starts = starts.ToArray();
        _sections = new BandSection[Groups][];
        for (int band = 0; band < bands.Count; band++)
        {
            Require(!bands[band].Codebook.IsWindow, "bands have sums of tables, found a window table");
            Require(starts[band] == 0, $"band {band} begins at {starts[band]}, expected 0");
            Require(
                starts[(Groups * bands.Count) + band] == bands[band].Rows,
                $"band {band} has {bands[band].Rows} rows, its sections {starts[(Groups * bands.Count) + band]}");
            Require(
                bands[band].Codes is not { Layout: var layout }
                    || (layout.Columns == groupWidth
                        && layout.GroupWidth == groupWidth
                        && layout.Bits == bands[band].Codebook.Bits),
                $"band {band} is not one group of {groupWidth} columns");
        }

        Require(bands.Any(band => band.Rows > 0), "bands have no codes at all, expected one row of one group or more");
        List<BandSection> sections = [];
        for (int group = 0; group < Groups; group++)
        {
            sections.Clear();
            long row = 0;
            for (int band = 0; band < bands.Count; band++)
            {
                int begin = starts[(group * bands.Count) + band];
                int count = starts[((group + 1) * bands.Count) + band] - begin;
                Require(
                    begin >= 0 && count >= 0 && row + count <= rows,
                    $"the sections of column group {group} do not fit {rows} rows");
                if (count > 0)
                {
                    sections.Add(new BandSection(band, (int)row, count, begin));
                    row += count;
                }
            }

            _sections[group] = [.. sections];
        }
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>g.</summary>
    public int GroupWidth { get; }

    /// <summary>G = ceil(N / g).</summary>
    public int Groups { get; }

    /// <summary>The bands, in the order in which rows use them.</summary>
    public IReadOnlyList<CodeBand> Bands { get; }

    /// <summary>[G + 1, B], as stored.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>Bytes of all codes.</summary>
    public long ByteLength => Bands.Sum(band => band.Codes?.Layout.ByteLength ?? 0);

    /// <summary>Bytes of a number in <c>bands</c>: two where all of them fit.</summary>
    public int StartBytes => StartBytesOf(Bands.Max(band => band.Rows));

    /// <summary>Values in all tables, which the file stores one after the other.</summary>
    public int TableLength => Bands.Sum(band => band.Codebook.Table.Values.Length);

    /// <summary>Bytes of all tables.</summary>
    public int TableBytes => TableLength * (TablesAreHalf ? 2 : 4);

    /// <summary>Whether the tables are stored in 16 bits.</summary>
    public bool TablesAreHalf => Bands.All(band => band.Codebook.Table.Type == ParameterType.Float16);

    /// <summary><see cref="StartBytes"/> where the longest band has so many rows.</summary>
    public static int StartBytesOf(int longest) => longest <= ushort.MaxValue ? sizeof(ushort) : sizeof(int);

    /// <summary>The sections of a column group that have codes, by rows.</summary>
    public ReadOnlySpan<BandSection> Sections(int group) => _sections[group];

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new DynFormatException(message);
        }
    }
}

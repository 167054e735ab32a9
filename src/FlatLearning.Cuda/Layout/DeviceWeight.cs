using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Cuda.Layout;

/// <summary>
/// A weight as it lies on a device. Codes stay packed; a metric or a window table becomes one float32 an element.
/// </summary>
internal sealed class DeviceWeight
{
    private readonly List<CodeSection> _sections = [];
    private readonly DeviceTables _tables = new();
    private long _units;

    private DeviceWeight(DynWeight weight, double[]? bias)
    {
        (Rows, Columns) = (weight.Rows, weight.Columns);
        RowOrder = [.. Enumerable.Range(0, Rows)];
        RowScale = Ones(Rows);
        ColumnScale = Ones(Columns);
        Bias = bias is null ? new float[Columns] : Array.ConvertAll(bias, value => (float)value);
        (ElementStarts, ElementRows, ElementValues) = Elements(weight.Find<SparseTerm>()?.Elements, Columns);
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>Places of y: columns, padded to whole tiles in each group.</summary>
    public int Places { get; private set; }

    /// <summary>What the weight's codes are cut into.</summary>
    public IReadOnlyList<CodeSection> Sections => _sections;

    /// <summary>All codes.</summary>
    public uint[] Words { get; private set; } = [];

    /// <summary>All codebooks.</summary>
    public float[] Tables => _tables.Values;

    /// <summary>The row of W at each place of x.</summary>
    public int[] RowOrder { get; private set; }

    /// <summary>The row scale of each place of x.</summary>
    public float[] RowScale { get; private set; }

    /// <summary>The column of y at each place, -1 for none.</summary>
    public int[] ColumnOfPlace { get; private set; } = [];

    /// <summary>The scale of each column.</summary>
    public float[] ColumnScale { get; private set; }

    /// <summary>The bias of each column.</summary>
    public float[] Bias { get; }

    /// <summary>The first sparse element of each column, and their number.</summary>
    public int[] ElementStarts { get; }

    /// <summary>Rows of sparse elements.</summary>
    public int[] ElementRows { get; }

    /// <summary>Values of sparse elements.</summary>
    public float[] ElementValues { get; }

    /// <summary>Whether elements are kept in float32.</summary>
    public bool IsDense => Sections.Any(section => section.Bits == KernelShape.DenseBits);

    /// <summary>Bytes on the device, without what the work is cut into.</summary>
    public long Bytes => 4L * (Words.Length + Tables.Length + (2 * RowOrder.Length) + Places + (2 * Columns)
        + ElementStarts.Length + (2 * ElementRows.Length));

    /// <summary>The arrays that a device holds, in the order of <see cref="Content"/>.</summary>
    public static readonly string[] Contents = [
        "codes", "tables", "the order of rows", "row scales", "column scales", "the bias", "columns' first elements",
        "rows of sparse elements", "sparse elements", "the order of columns"];

    /// <summary>The bytes of one of <see cref="Contents"/>.</summary>
    public ReadOnlySpan<byte> Content(int i) => i switch
    {
        0 => MemoryMarshal.AsBytes<uint>(Words),
        1 => MemoryMarshal.AsBytes<float>(_tables.Values),
        2 => MemoryMarshal.AsBytes<int>(RowOrder),
        3 => MemoryMarshal.AsBytes<float>(RowScale),
        4 => MemoryMarshal.AsBytes<float>(ColumnScale),
        5 => MemoryMarshal.AsBytes<float>(Bias),
        6 => MemoryMarshal.AsBytes<int>(ElementStarts),
        7 => MemoryMarshal.AsBytes<int>(ElementRows),
        8 => MemoryMarshal.AsBytes<float>(ElementValues),
        _ => MemoryMarshal.AsBytes<int>(ColumnOfPlace),
    };

    /// <summary>Lays a weight out.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="bias">[N], or null.</param>
    /// <exception cref="DynFormatException">Its codes take 2 GB or more.</exception>
    public static DeviceWeight Create(DynWeight weight, double[]? bias = null)
    {
        weight = weight.Decoded();
        DeviceWeight device = new(weight, bias);
        WeightTerm? codes = weight.Terms.FirstOrDefault(term => term.IsCodes);
        if (weight.Find<MetricTerm>() is not null || codes?.CodesOfOneWidth?.Codebook.IsWindow == true)
        {
            device.LayOutDense(weight.Find<SparseTerm>() is null ? weight : weight.Without<SparseTerm>());
        }
        else if (codes?.CodesOfOneWidth is { } uniform)
        {
            device.LayOut(weight, uniform.Codes, uniform.Codebook);
        }
        else if (codes?.CodesOfSeveralWidths is { } bands)
        {
            device.LayOut(weight, bands);
        }
        else
        {
            device.SetPlaces([.. Enumerable.Range(0, device.Columns)], device.Columns);
        }

        return device;
    }

    private void LayOutDense(DynWeight weight)
    {
        // The decoder knows scales and terms; what is left is a sum.
        float[] dense = WeightDecoder.Dense(weight);
        CodeSection section = AddSection(KernelShape.DenseBits, 1, Tiles(Columns), 0, Rows, 0, 0, (0, 0), 0);
        SetPlaces([.. Enumerable.Range(0, Columns)], Columns);
        Allocate();
        SectionWriter writer = new(Words, section);
        for (int row = 0; row < Rows; row++)
        {
            writer.Write(row, dense.AsSpan(row * Columns, Columns));
        }
    }

    private void LayOut(DynWeight weight, PackedCodes packed, Codebook codebook)
    {
        CodeLayout layout = packed.Layout;
        SetScales(weight);
        CodeSection section = AddSection(
            layout.Bits, codebook.Taps, Tiles(Columns), 0, Rows, 0, 0, _tables.Add(codebook), 0);
        SetPlaces([.. Enumerable.Range(0, Columns)], Columns);
        Allocate();
        SectionWriter writer = new(Words, section);
        byte[] codes = new byte[(long)layout.Groups * layout.GroupWidth];
        for (int row = 0; row < Rows; row++)
        {
            for (int group = 0; group < layout.Groups; group++)
            {
                CodeUnpacker.UnpackRow(
                    packed.Bytes.Span.Slice(checked((int)layout.Offset(group, row)), layout.BytesPerRow),
                    layout.Bits, codes.AsSpan(group * layout.GroupWidth, layout.GroupWidth));
            }

            writer.Write(row, codes.AsSpan(0, Columns));
        }
    }

    private void LayOut(DynWeight weight, BandedCodes bands)
    {
        SetScales(weight);
        RowOrder = ScaleOrder.Of(weight.RowScale, Rows);
        RowScale = Array.ConvertAll(RowOrder, row => RowScale[row]);
        SetPlaces(ScaleOrder.Of(weight.ColumnScale, Columns), bands.GroupWidth);
        (int Table, int PairTable)[] tables = [.. bands.Bands.Select(band => _tables.Add(band.Codebook))];
        int tiles = Tiles(bands.GroupWidth);
        List<(CodeSection Section, PackedCodes Codes, int First)> filled = [];
        for (int group = 0; group < bands.Groups; group++)
        {
            foreach (BandSection part in bands.Sections(group))
            {
                CodeBand band = bands.Bands[part.Band];
                int halo = Math.Min(band.Codebook.Taps - 1, part.Position);
                CodeSection section = AddSection(
                    band.Codebook.Bits, band.Codebook.Taps, tiles, halo, part.Rows, part.FirstRow,
                    group * tiles * KernelShape.TileColumns, tables[part.Band], group);
                filled.Add((section, band.Codes!, part.Position - halo));
            }
        }

        Allocate();
        byte[] codes = new byte[bands.GroupWidth];
        foreach ((CodeSection section, PackedCodes packed, int first) in filled)
        {
            SectionWriter writer = new(Words, section);
            for (int row = 0; row < section.Halo + section.Count; row++)
            {
                CodeUnpacker.UnpackRow(
                    packed.Bytes.Span.Slice(
                        checked((int)packed.Layout.Offset(0, first + row)), packed.Layout.BytesPerRow),
                    section.Bits, codes);
                writer.Write(row, codes);
            }
        }
    }

    private void SetScales(DynWeight weight)
    {
        RowScale = weight.RowScale?.Values ?? RowScale;
        ColumnScale = weight.ColumnScale?.Values ?? ColumnScale;
    }

    private void SetPlaces(int[] order, int groupWidth)
    {
        int groupPlaces = Tiles(groupWidth) * KernelShape.TileColumns;
        int groups = (order.Length + groupWidth - 1) / groupWidth;
        Places = checked(groups * groupPlaces);
        ColumnOfPlace = new int[Places];
        for (int place = 0; place < Places; place++)
        {
            int inGroup = place % groupPlaces;
            int i = (place / groupPlaces * groupWidth) + inGroup;
            ColumnOfPlace[place] = inGroup < groupWidth && i < order.Length ? order[i] : -1;
        }
    }

    private CodeSection AddSection(
        int bits, int taps, int tiles, int halo, int count, int place, int output, (int Table, int PairTable) tables,
        int group)
    {
        CodeSection section = new(
            bits, taps, checked((int)_units), tiles, halo, count, place, output, tables.Table, tables.PairTable,
            group);
        _units += section.Units;
        _sections.Add(section);
        return section;
    }

    private void Allocate() => Words = 16 * _units <= Array.MaxLength
        ? new uint[4 * _units]
        : throw new DynFormatException($"a weight of {16 * _units} bytes is too large for a GPU");

    private static int Tiles(int columns) => (columns + KernelShape.TileColumns - 1) / KernelShape.TileColumns;

    private static float[] Ones(int count)
    {
        float[] ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private static (int[] Starts, int[] Rows, float[] Values) Elements(SparseElements? elements, int columns)
    {
        int[] starts = new int[columns + 1];
        if (elements is null)
        {
            return (starts, [], []);
        }

        int[] rows = new int[elements.Count];
        float[] values = new float[elements.Count];
        for (int column = 0; column < columns; column++)
        {
            elements.Column(column, out ReadOnlySpan<int> r, out ReadOnlySpan<float> v);
            r.CopyTo(rows.AsSpan(starts[column]));
            v.CopyTo(values.AsSpan(starts[column]));
            starts[column + 1] = starts[column] + r.Length;
        }

        return (starts, rows, values);
    }
}

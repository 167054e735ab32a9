using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn.Terms;

/// <summary>
/// Codes of several widths, in bands of rows within groups of columns. Needs scales of rows and columns, in whose order
/// they count.
/// </summary>
/// <param name="Bands">The packed codes with their codebooks.</param>
public sealed record MixedCodes(BandedCodes Bands) : WeightTerm, ITermKind<MixedCodes>
{
    /// <summary>Attribute <c>group_width</c>: g.</summary>
    public static readonly DynAttributeSpec GroupWidthAttribute = new(DynAttribute.Int("group_width", 0));

    /// <summary>Attribute <c>band_bits</c>: bits of every band; no other kind of term has it.</summary>
    public static readonly DynAttributeSpec BandBitsAttribute = new(DynAttribute.Ints("band_bits"));

    /// <summary>Attribute <c>band_taps</c>: taps of every band.</summary>
    public static readonly DynAttributeSpec BandTapsAttribute = new(DynAttribute.Ints("band_taps"));

    static IReadOnlyList<DynAttributeSpec> ITermKind<MixedCodes>.Attributes =>
        [GroupWidthAttribute, BandBitsAttribute, BandTapsAttribute];

    /// <inheritdoc/>
    public override long StoredBytes =>
        Bands.ByteLength + ((long)Bands.Starts.Length * Bands.StartBytes) + CodebookBytes;

    /// <inheritdoc/>
    public override long CodebookBytes => Bands.TableBytes;

    /// <inheritdoc/>
    public override long StoredNumbers =>
        Bands.Bands.Sum(band => (long)band.Rows * Bands.GroupWidth) + Bands.TableLength + Bands.Starts.Length;

    /// <inheritdoc/>
    public override bool IsCodes => true;

    /// <inheritdoc/>
    public override BandedCodes? CodesOfSeveralWidths => Bands;

    /// <inheritdoc/>
    public override int? GroupWidth => Bands.GroupWidth;

    /// <inheritdoc/>
    public override bool CountsByScale => true;

    /// <summary>For example <c>codes 6 to 2 bits, 3.41 on average</c>, rows without codes included.</summary>
    public override string Describe()
    {
        CodeBand[] used = [.. Bands.Bands.Where(band => band.Codes is not null)];
        double mean = 8.0 * Bands.ByteLength / ((double)Bands.Rows * Bands.Groups * Bands.GroupWidth);
        string widths = used.Length switch
        {
            0 => "no codes",
            1 => $"codes {used[0].Codebook.Bits} bits",
            _ => $"codes {used[0].Codebook.Bits} to {used[^1].Codebook.Bits} bits",
        };
        return FormattableString.Invariant($"{widths}, {mean:0.00} on average");
    }

    static MixedCodes? ITermKind<MixedCodes>.Read(WeightNode node) => MixedCodesReader.Read(node);

    internal override void Write(WeightNodeWriter node) => MixedCodesWriter.Write(node, Bands);

    internal override void Check(DynWeight weight)
    {
        Require(weight.ColumnScale is not null, "column_scale is required with codes");

        // Rows without codes leave no other bytes in a file that would vouch for their number.
        Require(weight.RowScale is not null, "row_scale is required with bands of codes");
        Require(
            Bands.Rows == weight.Rows && Bands.Columns == weight.Columns,
            $"bands are for {Bands.Rows} x {Bands.Columns}, expected {weight.Rows} x {weight.Columns}");
    }

    internal override WeightTerm Reordered(int[] rows, int[] columns) => this;

    internal override void AddTo(DecoderTables tables) => tables.Codes = new BandedCodeTables(Bands);

    internal override double[] Reference(DynWeight weight)
    {
        int[] rowOrder = ScaleOrder.Of(weight.RowScale, weight.Rows);
        int[] columnOrder = ScaleOrder.Of(weight.ColumnScale, weight.Columns);
        double[] values = new double[checked(weight.Rows * weight.Columns)];
        for (int place = 0; place < Bands.Columns; place++)
        {
            foreach (BandSection section in Bands.Sections(place / Bands.GroupWidth))
            {
                CodeBand band = Bands.Bands[section.Band];
                for (int i = 0; i < section.Rows; i++)
                {
                    values[(rowOrder[section.FirstRow + i] * Bands.Columns) + columnOrder[place]] =
                        ReferenceDecoder.Code(
                            band.Codes!, band.Codebook, section.Position + i, place % Bands.GroupWidth);
                }
            }
        }

        return values;
    }
}

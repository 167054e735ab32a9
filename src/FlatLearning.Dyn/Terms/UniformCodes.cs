using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn.Terms;

/// <summary>Codes of one width: code[k,n] through a codebook. Needs column scales.</summary>
/// <param name="Codes">The packed K x N codes.</param>
/// <param name="Codebook">From codes to values.</param>
public sealed record UniformCodes(PackedCodes Codes, Codebook Codebook) : WeightTerm, ITermKind<UniformCodes>
{
    /// <summary>Attribute <c>bits</c>: bits of a code, 0 where no codes of one width are stored.</summary>
    public static readonly DynAttributeSpec BitsAttribute = new(DynAttribute.Int("bits", 0), IsRequired: true);

    /// <summary>Attribute <c>taps</c>: taps of the codebook.</summary>
    public static readonly DynAttributeSpec TapsAttribute = new(DynAttribute.Int("taps", 1));

    static IReadOnlyList<DynAttributeSpec> ITermKind<UniformCodes>.Attributes => [BitsAttribute, TapsAttribute];

    /// <inheritdoc/>
    public override long StoredBytes => Codes.Layout.ByteLength + CodebookBytes;

    /// <inheritdoc/>
    public override long CodebookBytes => Codebook.Table.ByteLength;

    /// <inheritdoc/>
    public override long StoredNumbers =>
        ((long)Codes.Layout.Rows * Codes.Layout.Columns) + Codebook.Table.Values.Length;

    /// <inheritdoc/>
    public override bool IsCodes => true;

    /// <inheritdoc/>
    public override (PackedCodes Codes, Codebook Codebook)? CodesOfOneWidth => (Codes, Codebook);

    /// <inheritdoc/>
    public override int? GroupWidth => Codes.Layout.GroupWidth;

    /// <summary>For example <c>codes 4 bits, 3 taps</c>.</summary>
    public override string Describe() => Codebook.Describe();

    static UniformCodes? ITermKind<UniformCodes>.Read(WeightNode node)
    {
        long bits = node.Int(BitsAttribute);
        if (bits is not (0 or 2 or 3 or 4 or 5 or 6 or 8))
        {
            throw new DynFormatException($"attribute bits is {bits}, expected 0, 2, 3, 4, 5, 6 or 8");
        }

        int taps = node.Int(TapsAttribute, 1, bits == 0 ? 1 : Codebook.MaxTaps);
        if (node.Terms.Any(term => term.IsCodes))
        {
            return null;
        }

        if (bits == 0)
        {
            node.RequireAbsent("bits is 0", WeightInput.Codes, WeightInput.Codebook);
            return null;
        }

        PackedCodes codes = node.Packed(WeightInput.Codes, node.Rows, node.Columns, (int)bits);
        return new UniformCodes(codes, new Codebook(node.Parameters(WeightInput.Codebook), (int)bits, taps));
    }

    internal override void Write(WeightNodeWriter node)
    {
        node.Add(BitsAttribute, Codebook.Bits);
        node.Add(TapsAttribute, Codebook.Taps);
        node.Add(WeightInput.Codes, Codes);
        node.Add(WeightInput.Codebook, Codebook.Table);
    }

    internal override void Check(DynWeight weight)
    {
        CodeLayout layout = Codes.Layout;
        Require(
            layout.Rows == weight.Rows && layout.Columns == weight.Columns,
            $"codes are {layout.Rows} x {layout.Columns}, expected {weight.Rows} x {weight.Columns}");
        Require(layout.Bits == Codebook.Bits, $"codes have {layout.Bits} bits, the codebook {Codebook.Bits}");
        Require(weight.ColumnScale is not null, "column_scale is required with codes");
    }

    // Taps reach to the rows above, which another order would tear apart.
    internal override WeightTerm Reordered(int[] rows, int[] columns) =>
        throw new NotSupportedException("Codes of one width keep their order.");

    internal override void AddTo(DecoderTables tables) => tables.Codes = new PackedCodeTables(Codes, Codebook);

    internal override double[] Reference(DynWeight weight)
    {
        double[] values = new double[checked(weight.Rows * weight.Columns)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ReferenceDecoder.Code(Codes, Codebook, i / weight.Columns, i % weight.Columns);
        }

        return values;
    }
}

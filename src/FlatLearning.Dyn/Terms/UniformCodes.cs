using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Terms;

/// <summary>Codes of one width: code[k,n] through a codebook. Needs column scales.</summary>
/// <param name="Codes">The packed K x N codes.</param>
/// <param name="Codebook">From codes to values.</param>
public sealed record UniformCodes(PackedCodes Codes, Codebook Codebook) : WeightTerm
{
    /// <inheritdoc/>
    public override long StoredBytes => Codes.Layout.ByteLength + CodebookBytes;

    /// <inheritdoc/>
    public override long CodebookBytes => Codebook.Table.ByteLength;

    /// <inheritdoc/>
    public override long StoredNumbers =>
        ((long)Codes.Layout.Rows * Codes.Layout.Columns) + Codebook.Table.Values.Length;

    /// <inheritdoc/>
    public override bool IsCodes => true;

    /// <summary>For example <c>codes 4 bits, 3 taps</c>.</summary>
    public override string Describe()
    {
        string taps = Codebook switch
        {
            { IsWindow: true } => $"window of {Codebook.Taps}",
            { Taps: 1 } => "1 tap",
            _ => $"{Codebook.Taps} taps",
        };
        return $"codes {Codebook.Bits} bits, {taps}";
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

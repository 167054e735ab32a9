using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Bands;

/// <summary>A planned weight in bands, without its values: all that its fit needs besides W.</summary>
/// <param name="Start">Scales before they are rounded, and the metric without its values.</param>
/// <param name="RowScale">Stored scales of rows.</param>
/// <param name="ColumnScale">Stored scales of columns.</param>
/// <param name="GroupWidth">g.</param>
/// <param name="Plan">The sections.</param>
/// <param name="Errors">The tables.</param>
internal sealed record BandChoice(
    CodesStart Start, ParameterTensor RowScale, ParameterTensor ColumnScale, int GroupWidth, BandPlan Plan,
    BandErrors Errors)
{
    /// <summary>Bytes of the weight alone: common tables, which a model stores once, are not counted.</summary>
    public long Bytes =>
        (Plan.CodeBits / 8)
            + ((long)Plan.Starts.Length
                * BandedCodes.StartBytesOf(BandCodebooks.Widths.Select((_, band) => Plan.RowsOf(band)).Max()))
        + (Errors.Own is null ? 0 : BandCodebooks.TableBytes) + (Start.Metric?.ByteLength ?? 0) + RowScale.ByteLength
            + ColumnScale.ByteLength;

    /// <summary>The codes, all of them zero.</summary>
    public BandedCodes Skeleton(int rows, int columns)
    {
        List<CodeBand> made = [];
        for (int band = 0; band < BandCodebooks.Widths.Length; band++)
        {
            int length = Plan.RowsOf(band);
            int bits = BandCodebooks.Widths[band];
            CodeLayout? layout = length == 0 ? null : new CodeLayout(length, GroupWidth, bits, GroupWidth);
            made.Add(
                new CodeBand(
                    BandCodebooks.Book(Errors.Own?[band] ?? BandCodebooks.Tables(bits)),
                    layout is { } some ? new PackedCodes(some, new byte[some.ByteLength]) : null));
        }

        return new BandedCodes(rows, columns, GroupWidth, made, Plan.Starts);
    }
}

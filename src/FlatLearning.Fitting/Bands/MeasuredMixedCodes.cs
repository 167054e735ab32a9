using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Bands;

/// <summary>A planned weight in bands, without its values: all that its fit needs besides W.</summary>
/// <param name="Start">Scales before they are rounded, and the metric without its values.</param>
/// <param name="RowScale">Stored scales of rows.</param>
/// <param name="ColumnScale">Stored scales of columns.</param>
/// <param name="GroupWidth">g.</param>
/// <param name="Division">The sections.</param>
/// <param name="Errors">The tables.</param>
internal sealed record MeasuredMixedCodes(
    CodesStart Start, ParameterTensor RowScale, ParameterTensor ColumnScale, int GroupWidth, BandPlan Division,
    BandErrors Errors) : MeasuredPlan
{
    /// <inheritdoc/>
    public override WeightPlan Plan => new MixedCodesPlan
    {
        Bits = Math.Min(
            MixedCodesPlan.MaxBits,
            Division.CodeBits / ((double)RowScale.Values.Length * ColumnScale.Values.Length)),
    };

    /// <inheritdoc/>
    public override string Structure => $"bands/{Start.Plan?.Structure}";

    /// <inheritdoc/>
    public override int Tensors => UsualTensors + (Start.Metric is null ? 0 : MetricTensors);

    /// <inheritdoc/>
    public override long CommonBytes => Errors.Own is null ? BandCodebooks.TableBytes : 0;

    /// <summary>Bytes of the weight alone: common tables, which a model stores once, are not counted.</summary>
    public long Bytes =>
        (Division.CodeBits / 8)
            + ((long)Division.Starts.Length
                * BandedCodes.StartBytesOf(BandCodebooks.Widths.Select((_, band) => Division.RowsOf(band)).Max()))
        + (Errors.Own is null ? 0 : BandCodebooks.TableBytes) + (Start.Metric?.ByteLength ?? 0) + RowScale.ByteLength
            + ColumnScale.ByteLength;

    /// <inheritdoc/>
    public override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation) =>
        BandFitter.Fit(
            target, new BandField(target, Start.WithField(target.Workers), GroupWidth), Division, Errors, progress,
            cancellation);

    /// <inheritdoc/>
    public override DynWeight Skeleton(int rows, int columns, long bytes) => new(
        rows, columns, RowScale, ColumnScale, new MixedCodes(Zeros(rows, columns)).Behind(Start.Metric));

    private BandedCodes Zeros(int rows, int columns)
    {
        List<CodeBand> made = [];
        for (int band = 0; band < BandCodebooks.Widths.Length; band++)
        {
            int length = Division.RowsOf(band);
            int bits = BandCodebooks.Widths[band];
            CodeLayout? layout = length == 0 ? null : new CodeLayout(length, GroupWidth, bits, GroupWidth);
            made.Add(
                new CodeBand(
                    BandCodebooks.Book(Errors.Own?[band] ?? BandCodebooks.Tables(bits)),
                    layout is { } some ? new PackedCodes(some, new byte[some.ByteLength]) : null));
        }

        return new BandedCodes(rows, columns, GroupWidth, made, Division.Starts);
    }
}

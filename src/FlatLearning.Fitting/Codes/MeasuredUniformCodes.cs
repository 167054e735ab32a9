using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Codes;

/// <summary>Codes of one width whose tables were trained on a sample.</summary>
/// <param name="Codes">Bits, taps and metric.</param>
/// <param name="Start">Scales, and the metric without its values.</param>
/// <param name="Numbers">Scales and tables as stored.</param>
internal sealed record MeasuredUniformCodes(UniformCodesPlan Codes, CodesStart Start, StoredNumbers Numbers)
    : MeasuredPlan
{
    /// <inheritdoc/>
    public override WeightPlan Plan => Codes;

    /// <inheritdoc/>
    public override string Structure =>
        $"{Codes.Bits}/{Codes.Taps}/{(Numbers.Row is null ? 0 : 1)}/{Codes.Metric?.Structure}"
            + (Codes.IsCompact ? "/common" : null);

    /// <inheritdoc/>
    public override int Tensors => UsualTensors + (Start.Metric is null ? 0 : MetricTensors);

    /// <inheritdoc/>
    public override long CommonBytes => Codes.IsCompact ? BandCodebooks.BytesOf(Codes.Bits) : 0;

    /// <summary>Stored bytes of the weight alone.</summary>
    public long BytesOf(int rows, int columns) => LayoutOf(rows, columns).ByteLength + (Start.Metric?.ByteLength ?? 0)
        + Numbers.Column.ByteLength + (Codes.IsCompact ? 0 : Numbers.Codebook.ByteLength)
        + (Numbers.Row?.ByteLength ?? 0);

    /// <inheritdoc/>
    public override FitResult Fit(
        MetricTarget target, FitOptions options, IProgress<double>? progress, CancellationToken cancellation) =>
        Start.Metric is null
            ? CodesFitter.Fit(target, Codes, progress, cancellation)
            : CodesFitter.Fit(target, [Start.WithField(target.Workers)], Codes, progress, cancellation);

    /// <inheritdoc/>
    public override DynWeight Skeleton(int rows, int columns, long bytes)
    {
        CodeLayout layout = LayoutOf(rows, columns);
        return Numbers.Weight(new PackedCodes(layout, new byte[layout.ByteLength]), Start.Metric);
    }

    private CodeLayout LayoutOf(int rows, int columns) =>
        new(rows, columns, Codes.Bits, CodeLayout.ChooseGroupWidth(columns));
}

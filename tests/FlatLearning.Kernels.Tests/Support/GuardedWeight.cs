using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;
using FlatLearning.Testing;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>A weight whose packed codes and states touch pages that must not be accessed.</summary>
internal sealed class GuardedWeight : IDisposable
{
    private readonly List<IDisposable> _blobs = [];
    private readonly GuardedEnd _end;

    /// <summary>Copies a weight.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="end">Which end of every blob touches a page.</param>
    public GuardedWeight(DynWeight weight, GuardedEnd end)
    {
        _end = end;
        Weight = new DynWeight(
            weight.Rows, weight.Columns, weight.RowScale, weight.ColumnScale,
            [.. weight.Decoded().Terms.Select(Guarded)]);
    }

    public DynWeight Weight { get; }

    public void Dispose() => _blobs.ForEach(blob => blob.Dispose());

    private WeightTerm Guarded(WeightTerm term) => term switch
    {
        UniformCodes codes => codes with { Codes = Guarded(codes.Codes) },
        MixedCodes mixed => new MixedCodes(Guarded(mixed.Bands)),
        MetricTerm metric => new MetricTerm(Guarded(metric.Metric)),
        _ => term,
    };

    private BandedCodes Guarded(BandedCodes codes) => new(
        codes.Rows,
        codes.Columns,
        codes.GroupWidth,
        [.. codes.Bands.Select(band => new CodeBand(band.Codebook, band.Codes is null ? null : Guarded(band.Codes)))],
        codes.Starts);

    private Metric Guarded(Metric metric)
    {
        MetricStates states = metric.States;
        return metric.With(new MetricStates(Guarded(states.Rows), Guarded(states.Columns), states.Range));
    }

    private PackedCodes Guarded(PackedCodes codes)
    {
        GuardedBlob blob = new(codes.Bytes.Span, _end);
        _blobs.Add(blob);
        return new PackedCodes(codes.Layout, blob.Memory);
    }
}

using System.Globalization;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>A metric of numerically low rank as two thin products, y += gamma · ((x · U) · V).</summary>
internal sealed unsafe class FactoredMetric : MetricProduct
{
    private readonly ThinMatrix _u;
    private readonly ThinMatrix _v;
    private readonly int _rank;
    private readonly double _leftOver;

    private FactoredMetric(MetricFactors factors, int rows, int columns)
    {
        (_rank, _leftOver) = (factors.Rank, factors.LeftOver);
        _u = ThinMatrix.FromColumns(factors.U, rows, factors.Rank);
        _v = ThinMatrix.FromRows(factors.V, factors.Rank, columns);
    }

    /// <inheritdoc/>
    public override long MaxRows => long.MaxValue;

    /// <inheritdoc/>
    public override int MaxBlockRows => 64;

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"factors of rank {_rank}, left over {_leftOver:0.0e+0} of the metric, tolerance "
            + $"{MetricFactors.Tolerance:0.0e+0}");

    /// <summary>Factors that are good enough, or null.</summary>
    public static FactoredMetric? TryCreate(KernelRequest request) =>
        request.MetricBesideCodes is not (null or DynL1Metric)
            && MetricFactors.TryCreate(request.Decoder) is { } factors
            ? new FactoredMetric(factors, request.Weight.Rows, request.Weight.Columns)
            : null;

    /// <inheritdoc/>
    public override void AddTo(IWorkers workers, ProductEnds ends, in InputRows x, int rows, float* y)
    {
        int chunks = _u.Chunks;
        int width = _u.PaddedColumns;
        using Scratch memory = new(sizeof(float) * (long)rows * width * (chunks + 1));
        float* inner = (float*)memory.Pointer;
        float* partial = inner + ((long)rows * width);
        ThinTask first = new(_u, x, rows, partial);
        workers.For(ref first, _u.Parts * chunks);

        // Chunks in order, whoever computed them.
        new Span<float>(inner, rows * width).Clear();
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            RowMath.Add(inner, partial + ((long)chunk * rows * width), rows * width);
        }

        ThinOutputTask second = new(ends, _v, inner, width, rows, y);
        workers.For(ref second, second.Items);
    }
}

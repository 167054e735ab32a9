using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.Lut;
using FlatLearning.Kernels.Metrics;
using FlatLearning.Kernels.MixedBits;

namespace FlatLearning.Kernels;

/// <summary>
/// What a kernel is prepared from. What several kernels share is made when it is first asked for. Used by one thread.
/// </summary>
internal sealed class KernelRequest
{
    private readonly Lazy<MetricProduct?> _metric;
    private readonly Lazy<TableCodes?> _onlyCodes;
    private readonly Lazy<Avx2LutCodes?> _avx2Codes;
    private readonly Lazy<Avx2MixedCodes?> _avx2Mixed;

    /// <summary>Takes a weight.</summary>
    /// <param name="weight">W, with codes that can be read in place.</param>
    /// <param name="bias">[N] or null.</param>
    /// <param name="settings">What the caller chose.</param>
    public KernelRequest(DynWeight weight, double[]? bias, MatMulSettings settings)
    {
        (Weight, Bias, Settings) = (weight, bias, settings);
        (OrderedWeight, Ends) = Ordered();
        _metric = new(() => MetricProducts.TryCreate(this));
        _onlyCodes = new(
            () => Only<UniformCodes>() is { Codebook.IsWindow: false } term
                ? new TableCodes(term.Codes, term.Codebook)
                : null);
        _avx2Codes = new(() => Codes is { } codes ? Avx2LutCodes.TryCreate(codes) : null);
        _avx2Mixed = new(() => Mixed is { } codes ? Avx2MixedCodes.TryCreate(codes) : null);
    }

    /// <summary>W, with rows and columns as in x and y.</summary>
    public DynWeight Weight { get; }

    /// <summary>W with rows and columns as mixed codes count them; <see cref="Weight"/> where there are none.</summary>
    public DynWeight OrderedWeight { get; }

    /// <summary>[N] or null, in the order of y.</summary>
    public double[]? Bias { get; }

    /// <summary>What the caller chose.</summary>
    public MatMulSettings Settings { get; }

    /// <summary>Scales, bias and order for a kernel of <see cref="OrderedWeight"/>.</summary>
    public ProductEnds Ends { get; }

    /// <summary>
    /// For what is left of the weight when a kernel has taken a term out: the best, in the type of the sums.
    /// </summary>
    public MatMulSettings RestSettings =>
        Settings with { Kernel = null, Type = IsFloat64 ? ElementType.Float64 : ElementType.Float32 };

    /// <summary>K·N.</summary>
    public long Elements => (long)Weight.Rows * Weight.Columns;

    /// <summary>Whether one kernel is wanted by its name, so that it does not count which is better.</summary>
    public bool IsOnly => Settings.Kernel is not null;

    /// <summary>Whether kernels in 256-bit registers serve: where there are no wider ones, or one is wanted.</summary>
    public bool Takes256 => IsOnly || !Avx512BW.IsSupported;

    /// <summary>Whether x and sums are float64.</summary>
    public bool IsFloat64 => Settings.Type == ElementType.Float64;

    /// <summary>
    /// Which weights are kept decoded, and for how many rows their codes are multiplied nevertheless.
    /// </summary>
    public CachePolicy Cache => field ??= new CachePolicy(this);

    /// <summary>Decodes <see cref="Weight"/>; its tiles are in the order of <see cref="OrderedWeight"/>.</summary>
    public WeightDecoder Decoder => field ??= new WeightDecoder(Weight);

    /// <summary>The metric without its matrix, or null where a matrix is cheaper or there is no metric.</summary>
    public MetricProduct? Metric => _metric.Value;

    /// <summary>The codes as all kernels in 256-bit registers look them up, or null where they do not suit.</summary>
    public Avx2LutCodes? Avx2Codes => _avx2Codes.Value;

    /// <inheritdoc cref="Avx2Codes"/>
    public Avx2MixedCodes? Avx2Mixed => _avx2Mixed.Value;

    /// <summary>Mixed codes as all kernels in 512-bit registers read them, or null where there are none.</summary>
    public Avx512MixedCodes? Avx512Mixed => field ??= Mixed is { } codes ? new Avx512MixedCodes(codes) : null;

    /// <summary>Whether nothing stands behind the scales.</summary>
    public bool IsAllScaled => Weight.Terms.All(term => term.IsScaled);

    /// <summary>
    /// The weight where it is nothing but codes of one width that go through a sum of tables; else null.
    /// </summary>
    public TableCodes? OnlyCodes => _onlyCodes.Value;

    /// <summary><see cref="OnlyCodes"/> where their kernels have a use; else null.</summary>
    public TableCodes? Codes => Cache.MaxCodeRows > 0 ? OnlyCodes : null;

    /// <summary>Codes of several widths without anything else, where their kernels have a use; else null.</summary>
    public BandedCodes? Mixed => IsOnly || !Cache.IsDecoded ? Only<MixedCodes>()?.Bands : null;

    /// <summary>The metric of <see cref="Weight"/>, or null.</summary>
    public Metric? StoredMetric => Weight.Find<MetricTerm>()?.Metric;

    /// <summary>The metric of <see cref="OrderedWeight"/> where sums are float32 and nothing but codes stands beside
    /// it; else null.</summary>
    public Metric? MetricBesideCodes =>
        IsFloat64 || !IsAllScaled ? null : OrderedWeight.Find<MetricTerm>()?.Metric;

    // The weight's only term where it is of the kind.
    private T? Only<T>()
        where T : WeightTerm => Weight.Terms is [T term] ? term : null;

    private (DynWeight Weight, ProductEnds Ends) Ordered()
    {
        if (!Weight.CountsByScale)
        {
            return (Weight, new ProductEnds(Weight, Bias, null));
        }

        DynWeight ordered = Weight.InScaleOrder(out int[] rows, out int[] columns);
        double[]? bias = Bias is null ? null : Array.ConvertAll(columns, n => Bias[n]);
        return (ordered, new ProductEnds(ordered, bias, Permutation.TryCreate(rows, columns)));
    }
}

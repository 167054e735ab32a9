using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Kernels.Lut;
using FlatLearning.Kernels.Metrics;

namespace FlatLearning.Kernels;

/// <summary>
/// Which weights are kept decoded in float32, and which of these have their codes multiplied all the same for a few
/// rows. Measured: <c>benchmarks/results/amd-epyc-avx512-2-cores/kernel-limits.md</c>.
/// </summary>
internal sealed class CachePolicy
{
    /// <summary>
    /// 512 KB in float32: half of a core's second-level cache, from which floats come as fast as codes can be decoded.
    /// </summary>
    private const long UsualElements = 1L << 17;

    // In 256-bit registers the look-up product makes the tables of an input for all columns together: for so few
    // columns that takes longer than the look-ups.
    private const int NarrowColumns = 63;
    private const int NarrowShare = 4;

    // Decoded weights of up to this many elements are faster for any number of rows.
    private const long MaxAlwaysDecoded = 1L << 15;

    // Above, up to how many rows look-ups are faster.
    private const int RowsOfSeveralTaps = 1;
    private const int RowsOfOneTap = 5;

    private readonly KernelRequest _request;

    /// <summary>Decides.</summary>
    public CachePolicy(KernelRequest request)
    {
        DynWeight weight = request.Weight;
        long limit = request.Settings.MaxCachedElements ?? UsualElements;
        bool isNarrow = Avx2.IsSupported && !Avx512BW.IsSupported && weight.Columns <= NarrowColumns;
        _request = request;
        IsSmall = !request.IsFloat64
            && weight.IsScaled
            && request.Elements <= (isNarrow ? NarrowShare * limit : limit);
    }

    /// <summary>Whether the weight is so small that it is decoded, sparse elements and all.</summary>
    public bool IsSmall { get; }

    /// <summary>Whether the weight is kept decoded: a small one, or one whose metric nothing else serves.</summary>
    public bool IsDecoded => IsSmall || (!_request.IsFloat64
        && _request.StoredMetric is not null
        && _request.Metric is null
        && _request.Elements <= MetricProducts.MaxDecoded);

    /// <summary>
    /// Up to how many rows the codes are multiplied, if they have a kernel; the decoded weight takes over.
    /// </summary>
    public int MaxCodeRows
    {
        get
        {
            if (_request.IsOnly || !IsDecoded)
            {
                return int.MaxValue;
            }

            bool hasLookUps = Avx512BW.IsSupported
                && _request.Elements > MaxAlwaysDecoded
                && _request.OnlyCodes is { } codes
                && (Avx512LutCodes.Suits(codes) || Avx512BlockLut.Suits(codes));
            return (hasLookUps, _request.OnlyCodes) switch
            {
                (false, _) => 0,
                (true, { Taps: 1 }) => RowsOfOneTap,
                _ => RowsOfSeveralTaps,
            };
        }
    }
}

using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.FixedPoint;
using FlatLearning.Kernels.Float64;
using FlatLearning.Kernels.FusedDequant;
using FlatLearning.Kernels.Int8;
using FlatLearning.Kernels.Lut;
using FlatLearning.Kernels.Metrics;
using FlatLearning.Kernels.MixedBits;
using FlatLearning.Kernels.Sparse;

namespace FlatLearning.Kernels;

/// <summary>All kernels, the best first. A plan takes those that apply to its weight, as far as each multiplies more
/// rows than those before it.</summary>
public static class KernelCatalogue
{
    /// <summary>Their lines, in the same order.</summary>
    public static IReadOnlyList<KernelInfo> Kernels { get; }

    /// <summary>The entries.</summary>
    internal static KernelEntry[] Entries { get; } =
    [
        KernelEntry.Of<SparseKernel>(),
        KernelEntry.Of<Float64Kernel>(),
        KernelEntry.Of<PrefixSumMetric>(),
        KernelEntry.Of<LowRankMetric>(),
        KernelEntry.Of<Avx512Int16Lut>(),
        KernelEntry.Of<Avx512PermuteLut>(),
        KernelEntry.Of<Avx512BlockLut>(),
        KernelEntry.Of<Avx512FusedDequant>(),
        KernelEntry.Of<Avx512MixedLut>(),
        KernelEntry.Of<Avx512MixedGemm>(),
        KernelEntry.Of<Avx2FixedLut>(),
        KernelEntry.Of<Avx2ShuffleLut>(),
        KernelEntry.Of<Avx2BlockLut>(),
        KernelEntry.Of<Avx2FixedBandLut>(),
        KernelEntry.Of<Avx2MixedLut>(),
        KernelEntry.Of<CachedGemm>(),
        KernelEntry.Of<Avx512DequantGemm>(),
        KernelEntry.Of<Avx2DequantGemm>(),
        KernelEntry.Of<Avx2MixedGemm>(),
        KernelEntry.Of<TileGemm>(),
    ];

    static KernelCatalogue() => Kernels = [.. Entries.Select(entry => entry.Info)];
}

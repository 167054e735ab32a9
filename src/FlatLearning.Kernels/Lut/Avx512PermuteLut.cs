using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// The look-up product: with x already multiplied by rho, all taps of input k fold into one table t_k[z] = sum over t
/// of x[k+t] · codebook[t][z], and y_n / gamma_n is the sum over k of t_k[z_kn]. No multiplication per weight, and taps
/// that cost nothing per column. A table of 16 floats is one register, in which a permutation looks up 16 columns.
/// </summary>
internal sealed class Avx512PermuteLut : IMatMulKernel, ICatalogued
{
    private readonly Avx512LutCodes _lut;

    private Avx512PermuteLut(Avx512LutCodes lut, KernelRequest request)
    {
        (_lut, Ends) = (lut, request.Ends);
        MaxRows = Math.Min(request.Cache.MaxCodeRows, MaxRowsOf(lut.Bits, lut.Taps));
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx512-permute-lut",
        InstructionSets.Avx512,
        "up to 1 to 16, by bits and taps",
        "codes of 2, 3 or 4 bits in wide groups",
        "tables of all taps of an input, 16 floats in a register; permutations by the codes, no multiplications");

    /// <inheritdoc/>
    public long MaxRows { get; }

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.ScaledAndPadded;

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx512BW.IsSupported)
        {
            return null;
        }

        return request.Codes is { } codes && Avx512LutCodes.TryCreate(codes) is { } lut
            ? new Avx512PermuteLut(lut, request)
            : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        Avx512PermuteLutTask task = new(_lut, x, y, (int)rows);
        workers.For(ref task, task.Items);
    }

    // A look-up each, two rows at a time; the fused product and panels decode once for several rows, but every tap
    // costs them a look-up. Where they take the same time: kernel-limits.md under benchmarks/results.
    private static int MaxRowsOf(int bits, int taps) => (bits, taps) switch
    {
        (2, 1) => 12,
        (2, _) => 16,
        (3, 1) => 2,
        (3, _) => 10,
        (_, 1) => 1,
        (_, 2) => 2,
        (_, 3) => 10,
        _ => 12,
    };
}

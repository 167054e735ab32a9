using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// The look-up product (see <see cref="Avx512PermuteLut"/>) in 256-bit registers: codes become bytes, tables four
/// planes of bytes, of which a shuffle looks up 32 codes at a time.
/// </summary>
internal sealed class Avx2ShuffleLut : IMatMulKernel, ICatalogued
{
    private readonly Avx2LutCodes _codes;

    private Avx2ShuffleLut(Avx2LutCodes codes, KernelRequest request)
    {
        (_codes, Ends) = (codes, request.Ends);
        MaxRows = Math.Min(request.Cache.MaxCodeRows, MaxRowsOf(codes.Bits, codes.Taps));
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx2-shuffle-lut",
        InstructionSets.Avx2,
        "up to 1 to 6, by bits and taps",
        "codes of 3 to 6 bits",
        "tables of all taps of an input as four planes of bytes; shuffles by 32 codes at once, interleaved to floats");

    /// <inheritdoc/>
    public long MaxRows { get; }

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.ScaledAndPadded;

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx2.IsSupported || (Avx512BW.IsSupported && !KernelChoice.IsOpen))
        {
            return null;
        }

        // Four entries fit one permutation of eight: Avx2BlockLut.
        return request.Takes256 && request.Avx2Codes is { } codes && (request.IsOnly || codes.Bits > 2)
            ? new Avx2ShuffleLut(codes, request)
            : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        Avx2ShuffleLutTask task = new(_codes, x, y, (int)rows);
        workers.For(ref task, task.Items);
    }

    // A pass over codes and tables for each row; panels are decoded once for all rows, but every tap costs them a
    // look-up: see kernel-limits.md under benchmarks/results.
    private static int MaxRowsOf(int bits, int taps) => (bits, taps) switch
    {
        (<= 4, 1) => 3,
        (<= 4, 2) => 4,
        (<= 4, _) => 6,
        (_, 1) => 1,
        (5, _) => 3,
        _ => 2,
    };
}

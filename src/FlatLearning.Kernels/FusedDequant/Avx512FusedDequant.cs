using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.FusedDequant;

/// <summary>Codes to floats in registers for up to six rows at a time, multiplied at once and never stored.</summary>
internal sealed class Avx512FusedDequant : IMatMulKernel, ICatalogued
{
    private readonly Avx512FusedColumns _columns;

    private Avx512FusedDequant(Avx512FusedColumns columns, KernelRequest request)
    {
        (_columns, Ends) = (columns, request.Ends);
        MaxRows = Math.Min(request.Cache.MaxCodeRows, MaxRowsOf(columns.Table.Bits, columns.Table.Taps));
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx512-fused-dequant",
        InstructionSets.Avx512,
        "up to 3 to 24, by bits and taps",
        "codes of all widths in groups of whole registers",
        "codes dequantised in registers by permutation and multiplied there for six rows at a time");

    /// <inheritdoc/>
    public long MaxRows { get; }

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.Scaled;

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request)
    {
        if (!Avx512F.IsSupported)
        {
            return null;
        }

        return request.Codes is { } codes && Avx512FusedColumns.TryCreate(codes) is { } columns
            ? new Avx512FusedDequant(columns, request)
            : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        Avx512FusedGrid grid =
            new((int)rows, Ends.Rows, Ends.Columns, _columns.Layout.Groups, _columns.PartsOfGroup);
        Avx512FusedTask task = new(_columns, x, (int)rows, grid.ItemParts, y);
        workers.For(ref task, grid.Items);
    }

    // More rows are multiplied faster with panels that are decoded once: see kernel-limits.md under benchmarks/results.
    private static int MaxRowsOf(int bits, int taps) => (bits, taps) switch
    {
        (2 or 4, 1) => 24,
        (2 or 4, _) => 18,
        (3 or 5, 1) => 12,
        (3 or 5, _) => 8,
        (6, 1) => 6,
        (6, _) => 4,
        (_, 1) => 3,
        _ => 6,
    };
}

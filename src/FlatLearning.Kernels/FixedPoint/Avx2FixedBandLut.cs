using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>The look-up product of mixed codes in fixed point, see <see cref="FixedBands"/>.</summary>
internal sealed unsafe class Avx2FixedBandLut : IMatMulKernel, ICatalogued
{
    // Tables beyond this leave the second-level cache.
    private const long MaxTableBytes = 1 << 20;

    private readonly FixedBands _bands;

    private Avx2FixedBandLut(FixedBands bands, ProductEnds ends) => (_bands, Ends) = (bands, ends);

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "avx2-fixed-mixed-lut",
        InstructionSets.Avx2,
        "up to 4 or 8, unless activations are exact",
        "codes of mixed widths, none of 8 bits",
        "as avx2-fixed-lut, section by section, tables shared by all groups");

    // Each row costs its look-ups, while panels are decoded once for all rows: see kernel-limits.md under
    // benchmarks/results.

    /// <inheritdoc/>
    public long MaxRows => _bands.Codes.GroupWidth == FixedCodes.StripColumns ? 8 : 4;

    /// <inheritdoc/>
    public long MaxPassRows => Math.Max(1, MaxTableBytes / Math.Max(1, _bands.TableBytes));

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

        return request.Takes256
            && (request.IsOnly || request.Settings.Activations != Activations.Exact)
            && request.Avx2Mixed is { IsComplete: true } codes
            ? new Avx2FixedBandLut(new FixedBands(codes), request.Ends)
            : null;
    }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        using Scratch memory = new(rows * (_bands.TableBytes + (sizeof(float) * _bands.Units)));
        byte* tables = (byte*)memory.Pointer;
        float* units = (float*)(tables + (rows * _bands.TableBytes));
        FixedBandTableTask write = new(_bands, x, tables, units);
        workers.For(ref write, (int)rows * write.ItemsOfRow);
        FixedBandTask look = new(_bands, x, tables, units, (int)rows, y);
        workers.For(ref look, look.Items);
    }
}

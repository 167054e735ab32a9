using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Kernels;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>
/// Products for every kernel of the catalogue. Lengths K and N run over 1 to 257, each once, in pairs far apart; rows
/// of x over 1 to 17; bits, taps, group widths and types are mixed so that each meets each of the others.
/// </summary>
internal static class KernelCases
{
    private const int MaxLength = 257;
    private const int MaxRows = 17;

    private static readonly int[] GroupWidths = [0, 8, 16, 24, 56, 64, 72, 120, 128, 136, 184, 192, 256, 1000, 1024];

    private static readonly ElementType[] Types = [ElementType.Float32, ElementType.Float16, ElementType.BFloat16];

    private static readonly int[][] Bands = [[6, 5, 4, 3, 2], [4], [2, 2, 3], [5, 4, 2], [6, 2], [3, 3, 3, 3, 3, 3]];

    /// <summary>The cases of a kernel; it must be able to multiply all of them.</summary>
    public static IEnumerable<KernelCase> Of(string kernel) => kernel switch
    {
        "avx512-permute-lut" or "avx512-int16-lut" => Codes([2, 3, 4], FourBitIndices),
        "avx512-block-lut" => Codes([2, 4], (_, _) => true),
        "avx512-fused-dequant" => Codes([2, 3, 4, 5, 6, 8], WholeRegisters),
        "avx2-shuffle-lut" or "avx2-fixed-lut" => Codes([2, 3, 4, 5, 6], (_, _) => true),
        "avx2-block-lut" => Codes([2], (_, _) => true),
        "avx512-dequant-gemm" or "avx2-dequant-gemm" =>
            Codes([2, 3, 4, 5, 6, 8], (_, _) => true).Concat(Many(Codes([2, 3, 4, 5, 6, 8], (_, _) => true))),
        "avx512-mixed-lut" => Mixed([.. Bands, [8, 3]]),
        "avx512-mixed-gemm" or "avx2-mixed-gemm" => Mixed([.. Bands, [8, 3]]).Concat(Many(Mixed(Bands))),
        "avx2-mixed-lut" or "avx2-fixed-mixed-lut" => Mixed(Bands),
        "dyn-l1-prefix-sums" => Distances(),
        "low-rank-metric" => Smooth(),
        "cached-gemm" => Drawn(c => c.Metric != MetricKinds.None || c.Bits > 0 || c.Bands.Length > 0, Types),
        "tile-gemm" => Drawn(c => c.Sparse == 0, Types),
        "float64-tiles" => Drawn(c => c.Sparse == 0, [ElementType.Float64]),
        "sparse-add" => Drawn(c => c.Sparse > 0, [.. Types, ElementType.Float64]),
        _ => throw new ArgumentException($"The kernel '{kernel}' has no cases yet."),
    };

    /// <summary>Weights of several items for a kernel: large enough for threads.</summary>
    public static IEnumerable<WeightCase> Large(string kernel)
    {
        WeightCase plain = new() { Rows = 300, Columns = 700, GroupWidth = 128, Bits = 4, Taps = 2 };
        return kernel switch
        {
            "avx2-block-lut" => [plain with { Bits = 2 }],
            "avx2-fixed-lut" => [
                .. Enumerable.Range(2, 5).Select(bits => plain with { Bits = bits }), plain with { GroupWidth = 104 }],
            "avx512-permute-lut" or "avx512-int16-lut" => [plain, plain with { Bits = 2 }, plain with { Bits = 3 }],
            "avx512-mixed-lut" or "avx512-mixed-gemm" or "avx2-mixed-gemm" or "avx2-mixed-lut"
                or "avx2-fixed-mixed-lut" => [
                plain with { Bits = 0, Bands = [6, 5, 4, 3, 2], Columns = 4200, GroupWidth = 64 },
                plain with { Bits = 0, Bands = [5, 3], GroupWidth = 104, HasLogScales = true }],
            "dyn-l1-prefix-sums" => [plain with { Metric = MetricKinds.DynL1, StateDim = 2, Heads = 2 }],
            "low-rank-metric" => [Smooth(300, 257, 0).Weight],
            "sparse-add" => [plain with { Sparse = 4000 }],
            _ => [plain],
        };
    }

    // Strips of 32 bytes: one plane of that size, or wider where codes have one plane.
    private static bool FourBitIndices(WeightCase c, int width) => c.Bits switch
    {
        4 => width >= 64,
        3 => width == 128,
        _ => width >= 128 && c.Rows % 2 == 0,
    };

    // Planes of 16 bytes or more, in whole sixteens where there are two.
    private static bool WholeRegisters(WeightCase c, int width) => c.Bits switch
    {
        2 or 4 or 8 => c.Bits * width / 8 >= 16,
        6 => width % 64 == 0,
        _ => width % 128 == 0,
    };

    private static IEnumerable<KernelCase> Codes(int[] bits, Func<WeightCase, int, bool> suits)
    {
        for (int i = 0; i < MaxLength; i++)
        {
            Random random = new(i);
            WeightCase c = Lengths(i) with
            {
                Bits = bits[i % bits.Length],
                Taps = 1 + (i / bits.Length % Codebook.MaxTaps),
                HasRowScale = random.Next(2) == 0,
            };
            c = c with { Rows = c.Bits == 2 && !suits(c, MaxLength) ? c.Rows + 1 : c.Rows };
            int[] widths = [
                .. GroupWidths.Where(
                    width => suits(c, width == 0 ? CodeLayout.ChooseGroupWidth(c.Columns) : width))];
            yield return new KernelCase(
                c with { GroupWidth = widths[random.Next(widths.Length)] },
                1 + random.Next(MaxRows),
                Types[random.Next(Types.Length)]);
        }
    }

    private static IEnumerable<KernelCase> Mixed(int[][] bands)
    {
        for (int i = 0; i < MaxLength; i++)
        {
            Random random = new(i);
            yield return new KernelCase(
                Lengths(i) with
                {
                    Bands = bands[i % bands.Length],
                    Taps = 1 + random.Next(Codebook.MaxTaps),
                    GroupWidth = GroupWidths[random.Next(GroupWidths.Length)],
                    HasLogScales = random.Next(2) == 0,
                },
                1 + random.Next(MaxRows),
                Types[random.Next(Types.Length)]);
        }
    }

    // So many rows that they are cut into blocks, for which weights may be decoded first.
    private static IEnumerable<KernelCase> Many(IEnumerable<KernelCase> cases) =>
        cases.Where((_, i) => i % 16 == 15).Select(c => c with { Rows = 130 });

    private static IEnumerable<KernelCase> Distances()
    {
        for (int i = 0; i < MaxLength; i += 3)
        {
            Random random = new(i);
            yield return new KernelCase(
                Lengths(i) with
                {
                    Metric = MetricKinds.DynL1,
                    StateBits = 1 + (i % 8),
                    Heads = 1 + random.Next(3),
                    StateDim = 1 + random.Next(4),
                    Bits = i % 2 == 0 ? 0 : 4,
                    Bands = i % 4 == 2 ? [5, 3] : [],
                    GroupWidth = GroupWidths[random.Next(GroupWidths.Length)],
                },
                1 + random.Next(MaxRows),
                Types[random.Next(Types.Length)]);
        }
    }

    // Few states far below the size of the matrix: of numerically low rank.
    private static IEnumerable<KernelCase> Smooth() =>
        from size in (int[])[200, 231, 257]
        from bits in (int[])[0, 4]
        select Smooth(size, MaxLength - (size % 3), bits);

    private static KernelCase Smooth(int rows, int columns, int bits) => new(
        new WeightCase
        {
            Rows = rows,
            Columns = columns,
            Bits = bits,
            Metric = MetricKinds.Riem,
            StateDim = 2,
            Shifts = 1,
            Width = 3,
            Spread = 1,
            Seed = rows,
        },
        1 + (rows % MaxRows),
        ElementType.Float32);

    // Anything that the format allows.
    private static IEnumerable<KernelCase> Drawn(Func<WeightCase, bool> suits, ElementType[] types)
    {
        for (int seed = 0; seed < 2 * MaxLength; seed++)
        {
            WeightCase c = WeightGenerator.Draw(seed);
            if (suits(c))
            {
                Random random = new(seed);
                yield return new KernelCase(
                    c with { Rows = Math.Min(c.Rows, MaxLength), Columns = Math.Min(c.Columns, MaxLength) },
                    1 + random.Next(MaxRows),
                    types[random.Next(types.Length)]);
            }
        }
    }

    // 101 has no factor in common with 257: every K and every N once.
    private static WeightCase Lengths(int i) =>
        new() { Rows = 1 + (i * 101 % MaxLength), Columns = 1 + i, Seed = i };
}

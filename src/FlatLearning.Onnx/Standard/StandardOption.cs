using FlatLearning.Fitting.Blocks;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Operators.Products;

namespace FlatLearning.Onnx.Standard;

/// <summary>A way to store a weight.</summary>
/// <param name="Format">Bits and blocks.</param>
/// <param name="Bytes">What it takes.</param>
/// <param name="Error">Its relative error, on some of the columns.</param>
internal sealed record StandardOption(BlockFormat Format, long Bytes, double Error)
{
    // A tensor's name, type and dimensions in the file, and its name in a node.
    private const int BytesPerTensor = 100;

    private const int MinRow = 12;
    private const int MaxRow = 192;

    private static readonly int[] Sizes = [BlockFormat.MinSize, 32, 64, 128];

    /// <summary>The formats that a weight can have.</summary>
    /// <param name="candidate">The weight.</param>
    /// <param name="opset">The standard operator set of the model.</param>
    public static IEnumerable<BlockFormat> Formats(WeightCandidate candidate, int opset)
    {
        bool isProduct = candidate.Uses[0] is ProductUse;
        bool isRows = candidate.IsTensor && !StandardShape.HasBlocks(opset);
        return from bits in isProduct ? (int[])[2, 4, 8] : [4, 8]
               from size in isRows ? RowSizes(candidate.Info.Count) : Sizes
               from zeros in isProduct ? (bool[])[false, true] : [false]
               let format = new BlockFormat(bits, size, zeros)
               where StandardShape.Of(candidate, format, opset).Suits(format)
               select format;
    }

    // Blocks that are rows are full: sizes that divide the elements, next to the usual ones.
    private static int[] RowSizes(long count)
    {
        int[] divisors = [.. Enumerable.Range(MinRow, MaxRow - MinRow + 1).Where(size => count % size == 0)];
        return divisors.Length == 0
            ? []
            : [.. Sizes.Select(size => divisors.MinBy(divisor => Math.Abs(Math.Log2((double)divisor / size))))
                .Distinct()];
    }

    /// <summary>Bytes of codes, scales and zero points, as they are packed.</summary>
    public static long BytesOf(StandardShape shape, BlockFormat format, ScaleType scales)
    {
        long blocks = format.BlocksOf(shape.Rows);
        long rows = shape.Kind == StandardKind.Product ? blocks * format.Size : shape.Rows;
        long codes = ((rows * shape.Columns * format.Bits) + 7) / 8;
        long zeros = format.HasZeroPoints ? shape.Columns * (((blocks * format.Bits) + 7) / 8) : 0;
        return codes + zeros + (blocks * shape.Columns * (scales == ScaleType.Float16 ? 2 : 4));
    }

    /// <summary>Whether a weight becomes smaller.</summary>
    public bool Pays(long originalBytes) => Bytes + ((Format.HasZeroPoints ? 4 : 3) * BytesPerTensor) < originalBytes;
}

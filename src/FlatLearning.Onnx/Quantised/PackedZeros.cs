using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Quantised;

/// <summary>
/// Zero points of [rows, blocks]: numbers of their own, codes packed row by row into bytes, or half of the range.
/// </summary>
/// <param name="values">As stored; null where they are left out.</param>
/// <param name="blocks">Blocks of a row.</param>
/// <param name="bits">Bits of a code.</param>
/// <param name="arePacked">Whether several share a byte.</param>
internal sealed class PackedZeros(DenseTensor? values, int blocks, int bits, bool arePacked)
{
    /// <summary>Whether the shapes fit.</summary>
    public bool Fits { get; private init; }

    private int RowBytes => ((blocks * bits) + 7) / 8;

    /// <summary>Takes them; bytes are packed where codes have fewer bits.</summary>
    public static PackedZeros Of(DenseTensor? values, int rows, int blocks, int bits)
    {
        bool arePacked = values?.Type == Proto.TensorProto.Types.DataType.Uint8;
        PackedZeros zeros = new(values, blocks, bits, arePacked);
        int count = rows * (arePacked ? zeros.RowBytes : blocks);
        return new PackedZeros(values, blocks, bits, arePacked) { Fits = values is null || values.Count == count };
    }

    /// <summary>The zero point of a block.</summary>
    public float At(int row, int block)
    {
        if (values is null)
        {
            return 1 << (bits - 1);
        }

        return arePacked
            ? PackedNumbers.At(values, (row * RowBytes * 8 / bits) + block, bits)
            : (float)values[(row * blocks) + block];
    }
}

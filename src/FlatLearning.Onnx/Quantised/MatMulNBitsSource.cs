using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Quantised;

/// <summary>
/// <code>
/// y = MatMulNBits(x, B, scales, zero_points, g_idx, bias)
/// W[k, n] = (B[n, k] - zero[n, k / block]) scale[n, k / block]
/// </code>
/// becomes MatMul and Add; see the operator's specification in ONNX Runtime (ContribOperators.md). B is
/// [N, blocks, block · bits / 8] bytes, codes of 2, 4 or 8 bits from the lowest bits up; the zero point is half of the
/// range where it is left out.
/// </summary>
internal sealed class MatMulNBitsSource : IQuantisedSource
{
    private const int Scales = 2;
    private const int Zeros = 3;
    private const int Groups = 4;
    private const int Bias = 5;

    /// <inheritdoc/>
    public string OpType => "MatMulNBits";

    /// <inheritdoc/>
    public string Domain => NodeNames.RuntimeDomain;

    /// <inheritdoc/>
    public int CodesInput => 1;

    /// <inheritdoc/>
    public void Replace(SourceContext context)
    {
        int bits = (int)context.Node.Int("bits", 4), block = (int)context.Node.Int("block_size", 0);
        int rows = (int)context.Node.Int("K", 0), columns = (int)context.Node.Int("N", 0);
        DenseTensor? codes = context.Read(CodesInput), scales = context.Read(Scales);
        DenseTensor? zeros = context.Read(Zeros), groups = context.Read(Groups);
        if (codes is null || scales is null || context.IsUnknown(Zeros, zeros) || context.IsUnknown(Groups, groups)
            || bits is not (2 or 4 or 8) || block < 1 || rows < 1 || columns < 1)
        {
            return;
        }

        int blocks = (rows + block - 1) / block;
        long bytes = (long)columns * blocks * (block * bits / 8);
        if (block * bits % 8 != 0 || codes.Count != bytes || scales.Count != columns * blocks
            || (groups is not null && groups.Count < rows)
            || (long)rows * columns > Array.MaxLength)
        {
            return;
        }

        PackedZeros zero = PackedZeros.Of(zeros, columns, blocks, bits);
        if (!zero.Fits)
        {
            return;
        }

        float[] weight = new float[rows * columns];
        for (int n = 0; n < columns; n++)
        {
            for (int k = 0; k < rows; k++)
            {
                // Padded blocks: input k is code k of the column, whichever group its scale is from.
                int code = PackedNumbers.At(codes, (n * blocks * block) + k, bits);
                int group = groups is null ? k / block : Math.Clamp((int)groups[k], 0, blocks - 1);
                weight[(k * columns) + n] = (code - zero.At(n, group)) * (float)scales[(n * blocks) + group];
            }
        }

        string name = context.Store(CodesInput, scales.Type, [rows, columns], weight);
        context.Replace(context.Product(context.Input(0), name, context.Input(Bias), context.Node.Output[0]));
    }
}

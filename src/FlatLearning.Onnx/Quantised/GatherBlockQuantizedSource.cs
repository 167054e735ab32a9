using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Quantised;

/// <summary>
/// <code>
/// y = GatherBlockQuantized(data, indices, scales, zero_points)      W = (data - zero) scale, block by block
/// </code>
/// becomes Gather; see the operator's specification in ONNX Runtime (ContribOperators.md). data is int4 or uint4, or
/// bytes with codes of 4 or 8 bits along the last axis, whose zero point is half of the range where it is left out.
/// Blocks along the last axis only.
/// </summary>
internal sealed class GatherBlockQuantizedSource : IQuantisedSource
{
    private const int Indices = 1;
    private const int Scales = 2;
    private const int Zeros = 3;

    /// <inheritdoc/>
    public string OpType => "GatherBlockQuantized";

    /// <inheritdoc/>
    public string Domain => NodeNames.RuntimeDomain;

    /// <inheritdoc/>
    public int CodesInput => 0;

    /// <inheritdoc/>
    public void Replace(SourceContext context)
    {
        DenseTensor? codes = context.Read(CodesInput), scales = context.Read(Scales), zeros = context.Read(Zeros);
        if (codes is null || scales is null || context.IsUnknown(Zeros, zeros) || codes.Dims.Length < 2)
        {
            return;
        }

        int bits = (int)context.Node.Int("bits", 4), block = (int)context.Node.Int("block_size", 128);
        int rank = codes.Dims.Length;
        long axis = context.Node.Int("quantize_axis", 1), rowAxis = context.Node.Int("gather_axis", 0);
        bool arePacked = codes.Type == DataType.Uint8;
        int perNumber = arePacked && bits is 4 or 8 ? 8 / bits : 1;
        long[] dims = [.. codes.Dims[..^1], codes.Dims[^1] * perNumber];
        if ((axis + rank) % rank != rank - 1 || block < 1 || (arePacked && bits is not (4 or 8))
            || !BlockScales.Fit(scales.Dims, dims, block))
        {
            return;
        }

        int columns = (int)dims[^1], blocks = (int)scales.Dims[^1];
        int rows = (int)(codes.Count * (long)perNumber / columns);
        PackedZeros? zero =
            zeros is null && !arePacked ? null : PackedZeros.Of(zeros, rows, blocks, arePacked ? bits : 8);
        if (zero is { Fits: false })
        {
            return;
        }

        float[] table = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < columns; i++)
            {
                int place = (row * columns) + i;
                float code = arePacked ? PackedNumbers.At(codes, place, bits) : (float)codes[place];
                float scale = (float)scales[(row * blocks) + (i / block)];
                table[place] = (code - (zero?.At(row, i / block) ?? 0)) * scale;
            }
        }

        string name = context.Store(CodesInput, scales.Type, dims, table);
        var gather = NodeFactory.Create(
            "Gather", context.Node.Name, [name, context.Input(Indices)], context.Node.Output[0]);
        gather.Attribute.Add(NodeFactory.Int("axis", rowAxis));
        context.Replace(gather);
    }
}

using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>One product that a constant takes part in, and how the constant gets there.</summary>
/// <param name="Scope">The scope of the node.</param>
/// <param name="Node">A MatMul or Gemm.</param>
/// <param name="Side">Which operand the constant is.</param>
/// <param name="Transposed">Whether the K x N matrix that is fitted is the transpose of the constant that reaches the
/// node.</param>
/// <param name="Alpha">Gemm's alpha; 1 for MatMul. Folded into the matrix.</param>
/// <param name="Chain">The nodes between the stored constant and this node, in order: Transpose, Reshape, Cast and the
/// like.</param>
internal sealed record WeightUse(
    GraphScope Scope,
    NodeProto Node,
    WeightSide Side,
    bool Transposed,
    float Alpha,
    IReadOnlyList<NodeProto> Chain)
{
    /// <summary>Rank of the other operand, where the rewrite needs it; else 0.</summary>
    public int OtherRank { get; init; }

    /// <summary>Whether Gemm transposes the other operand.</summary>
    public bool OtherTransposed { get; init; }

    /// <summary>What becomes of Gemm's C, or of what <see cref="Add"/> adds.</summary>
    public GemmBias Bias { get; init; } = GemmBias.None;

    /// <summary>The only reader of a MatMul, an Add whose other operand becomes the bias; or null.</summary>
    public NodeProto? Add { get; init; }

    /// <summary>The value that <see cref="Bias"/> is about.</summary>
    public string BiasName => Add is null ? Node.Input[2] : Add.Input[Add.Input[0] == Node.Output[0] ? 1 : 0];

    /// <summary>Name of the value that reaches the node.</summary>
    public string ValueName => Node.Input[Side == WeightSide.Right ? 1 : 0];

    /// <summary>
    /// Equal for two uses exactly when the same K x N matrix serves both: what the chain computes, the orientation, and
    /// alpha.
    /// </summary>
    public string Form => string.Join(
        '|',
        Chain.Select(node => $"{node.OpType}({string.Join(',', node.Input.Skip(1))};{node.Attribute})")
            .Append(Transposed ? "transposed" : "as is")
            .Append(
                BitConverter.SingleToUInt32Bits(Alpha)
                    .ToString("x", System.Globalization.CultureInfo.InvariantCulture)));
}

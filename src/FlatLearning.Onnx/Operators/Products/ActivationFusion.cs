using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>
/// ONNX Runtime computes a Gemm in float32 and the activation behind it in one kernel of its own. Behind a converted
/// Gemm the activation is a node again, which costs a few tenths of a microsecond: more than the whole product of a
/// small weight, whose bytes hardly pay for the new node.
/// </summary>
internal static class ActivationFusion
{
    // Of --min-size: 4,096 elements unless told. A row of x and 64 x 64 floats take about as long as another node.
    private const int Sizes = 4;

    // ONNX Runtime's GemmActivationFusion.
    private static readonly HashSet<string> Fused =
        ["Elu", "HardSigmoid", "LeakyRelu", "Relu", "Selu", "Sigmoid", "Softplus", "Softsign", "Tanh",
        "ThresholdedRelu"];

    /// <summary>
    /// Why a weight whose products are all like this one stays; null where it is large enough, or the product is not
    /// fused with the only reader of its result.
    /// </summary>
    public static string? Objection(ConstantUse use, ConvertOptions options)
    {
        long min = Sizes * options.MinSize;
        return use.Stored.Type == DataType.Float && use.Stored.Count < min && IsFused(use)
            ? $"{use.Stored.Count} elements are fewer than {min} ({Sizes} times --min-size), and ONNX "
                + "Runtime computes the product together with the activation behind it"
            : null;
    }

    private static bool IsFused(ConstantUse use) =>
        use.Scope.Find(use.Node.Output[0]) is { IsScopeOutput: false, InnerOutputCount: 0, Uses: [ValueUse reader] }
        && reader.Node is { Domain: "" or "ai.onnx" }
        && Fused.Contains(reader.Node.OpType);
}

using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Conversion;

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

    /// <summary>Weights of fewer elements stay where every product of theirs is fused.</summary>
    public static long MinElements(ConvertOptions options) => Sizes * options.MinSize;

    /// <summary>Whether the node is fused with the only reader of its result.</summary>
    public static bool Takes(WeightUse use) =>
        use.Node is { OpType: "Gemm", Domain: "" or "ai.onnx" }
        && use.Scope.Find(use.Node.Output[0]) is { IsScopeOutput: false, InnerOutputCount: 0, Uses: [ValueUse reader] }
        && reader.Node is { Domain: "" or "ai.onnx" }
        && Fused.Contains(reader.Node.OpType);

    /// <summary>Why such a weight stays.</summary>
    public static string Reason(TensorInfo info, ConvertOptions options) =>
        $"{info.Count} elements are fewer than {MinElements(options)} ({Sizes} times --min-size), and ONNX "
            + $"Runtime computes the product together with the activation behind it";
}

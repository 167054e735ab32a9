using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>Identity: y = x.</summary>
internal sealed class IdentityFold : IFoldOperator
{
    public string OpType => "Identity";

    public DenseTensor? Evaluate(FoldInputs inputs) => inputs[0];
}

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>A session's input or output as the model declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Whether it is a tensor.</param>
/// <param name="ElementType">A tensor's element type; 0 for other kinds.</param>
/// <param name="Shape">
/// A tensor's declared dimensions. Empty for a scalar and for a tensor of undeclared rank, which ONNX Runtime does not
/// tell apart.
/// </param>
internal sealed record ValueDescription(
    string Name, OnnxValueType Kind, TensorElementType ElementType, IReadOnlyList<OrtDimension> Shape)
{
    /// <summary>Whether it is a dense tensor, the only kind that is passed and received here.</summary>
    public bool IsTensor => Kind == OnnxValueType.ONNX_TYPE_TENSOR;

    /// <summary>
    /// The inputs that must be given, in the model's order; initializers that are inputs as well are not among them.
    /// </summary>
    public static IReadOnlyList<ValueDescription> Inputs(InferenceSession session) =>
        [.. session.InputNames.Select(name => Of(name, session.InputMetadata[name]))];

    /// <summary>The outputs, in the model's order.</summary>
    public static IReadOnlyList<ValueDescription> Outputs(InferenceSession session) =>
        [.. session.OutputNames.Select(name => Of(name, session.OutputMetadata[name]))];

    /// <summary>Name, element type and shape in one line.</summary>
    public override string ToString() => IsTensor
        ? $"{Name}: {ElementType.OnnxName()}[{string.Join(',', Shape)}]"
        : $"{Name}: {Kind.ToString()["ONNX_TYPE_".Length..].ToLowerInvariant()}";

    private static ValueDescription Of(string name, NodeMetadata value) =>
        value.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR
            ? new ValueDescription(name, value.OnnxValueType, default, [])
            : new ValueDescription(
                name,
                value.OnnxValueType,
                value.ElementDataType,
                [.. value.Dimensions.Zip(value.SymbolicDimensions, OrtDimension.Of)]);
}

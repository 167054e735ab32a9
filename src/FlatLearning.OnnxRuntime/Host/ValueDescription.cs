namespace FlatLearning.OnnxRuntime;

/// <summary>A session's input or output as the model declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Whether it is a tensor.</param>
/// <param name="ElementType">A tensor's element type; undefined for other kinds.</param>
/// <param name="Shape">
/// A tensor's declared dimensions. Empty for a scalar and for a tensor of undeclared rank, which ONNX Runtime's C API
/// does not tell apart before version 1.24.
/// </param>
public sealed record ValueDescription(
    string Name, OnnxValueKind Kind, TensorElementType ElementType, IReadOnlyList<OrtDimension> Shape)
{
    /// <summary>Name, element type and shape in one line.</summary>
    public override string ToString() => Kind == OnnxValueKind.Tensor
        ? $"{Name}: {ElementType.OnnxName()}[{string.Join(',', Shape)}]"
        : $"{Name}: {Kind}";
}

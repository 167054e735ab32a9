using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>An input of the model that has an initializer as its default.</summary>
/// <param name="Place">Its place among the inputs.</param>
/// <param name="Value">Its name and type.</param>
internal sealed record OptionalInput(int Place, ValueInfoProto Value)
{
    /// <summary>Its name.</summary>
    public string Name => Value.Name;
}

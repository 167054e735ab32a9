using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>A dense tensor in memory that the host owns; valid as long as the host keeps it.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Data">The first byte; may be null for an empty tensor.</param>
/// <param name="ElementCount">The product of the dimensions.</param>
public readonly record struct TensorView(TensorElementType Type, nint Data, long ElementCount)
{
    /// <summary>Bytes of the tensor; 0 for types without a fixed size.</summary>
    public long ByteCount => Type.BitsPerElement() == 0 ? 0 : Type.ByteCount(ElementCount);
}

using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Tests.Runtime;

public sealed class OrtTensorTests
{
    [Fact]
    public void Create_WrongCount_SaysExpectedAndFound()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => OrtTensor.Create<float>([1, 2, 3], 2, 2));
        Assert.Contains("has 16 bytes, but 12 were given", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Allocate_Text_IsRefused() =>
        Assert.Contains(
            "string",
            Assert.Throws<NotSupportedException>(() => OrtTensor.Allocate(TensorElementType.String, 1)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Allocate_TooLarge_IsRefused() =>
        Assert.Contains(
            "2 GB",
            Assert.Throws<NotSupportedException>(
                () => OrtTensor.Allocate(TensorElementType.Double, 1 << 20, 1 << 10)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Allocate_NegativeDimension_IsRefused() =>
        Assert.Throws<ArgumentException>(() => OrtTensor.Allocate(TensorElementType.Float, 2, -1));

    [Fact]
    public void AsSpan_OtherType_Throws() =>
        Assert.Throws<InvalidOperationException>(
            () => OrtTensor.Allocate(TensorElementType.Float, 2).AsSpan<int>().Length);

    [Theory]
    [InlineData(TensorElementType.Bool, 8)]
    [InlineData(TensorElementType.BFloat16, 16)]
    [InlineData(TensorElementType.Double, 64)]
    [InlineData(TensorElementType.String, 0)]
    [InlineData(TensorElementType.Complex128, 0)]
    public void BitsPerElement_OfAType_IsZeroWhereItCannotBeHeld(TensorElementType type, int bits) =>
        Assert.Equal(bits, type.BitsPerElement());

    [Fact]
    public void ToDoubles_HalfAndBFloat16_AreExact()
    {
        Assert.Equal([0.5, -2], OrtTensor.Create<Half>([(Half)0.5f, (Half)(-2f)], 2).ToDoubles());
        Assert.Equal(
            [1, -0.5], OrtTensor.FromBytes(TensorElementType.BFloat16, [0x80, 0x3F, 0x00, 0xBF], 2).ToDoubles());
    }
}

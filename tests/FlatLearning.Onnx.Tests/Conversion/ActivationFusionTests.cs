using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Small weights whose product ONNX Runtime computes together with an activation are dense.</summary>
public sealed class ActivationFusionTests
{
    // Below and above four times the tests' --min-size of 512.
    private const int Small = 44;
    private const int Large = 46;

    [Fact]
    public void SmallGemm_InFrontOfAnActivation_IsDense() =>
        ConversionCheck.KeepsDense(Gemm(Small).Node("Relu", ["g"], "y"), "W", "together with the activation behind it");

    [Fact]
    public void LargerGemm_InFrontOfAnActivation_IsConverted() =>
        ConversionCheck.Converts(Gemm(Large).Node("Relu", ["g"], "y"));

    [Fact]
    public void SmallGemm_InFrontOfSomethingElse_IsConverted() =>
        ConversionCheck.Converts(Gemm(Small).Node("Abs", ["g"], "y"));

    [Fact]
    public void SmallGemm_WithAnotherReader_IsConverted() =>
        ConversionCheck.Converts(Gemm(Small).Node("Relu", ["g"], "r").Node("Add", ["g", "r"], "y"));

    [Fact]
    public void SmallMatMul_InFrontOfAnActivation_IsConverted() => ConversionCheck.Converts(
        new ModelBuilder().Input("x", DataType.Float, 3, Small)
            .Output("y")
            .Weight("W", DataType.Float, Small, Small)
            .Node("MatMul", ["x", "W"], "g")
            .Node("Relu", ["g"], "y"));

    [Fact]
    public void SmallGemm_WhereSmallerWeightsAreAskedFor_IsConverted() =>
        ConversionCheck.Converts(
            Gemm(Small).Node("Relu", ["g"], "y"), options: ConversionCheck.Options with { MinSize = 64 });

    private static ModelBuilder Gemm(int size) =>
        new ModelBuilder().Input("x", DataType.Float, 3, size)
            .Output("y")
            .Weight("W", DataType.Float, size, size)
            .Node("Gemm", ["x", "W"], "g");
}

using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Tests.Runtime;

public sealed class RunTests
{
    [Theory]
    [InlineData(TensorElementType.Float)]
    [InlineData(TensorElementType.Double)]
    [InlineData(TensorElementType.Float16)]
    [InlineData(TensorElementType.BFloat16)]
    [InlineData(TensorElementType.Bool)]
    [InlineData(TensorElementType.Int8)]
    [InlineData(TensorElementType.UInt8)]
    [InlineData(TensorElementType.Int16)]
    [InlineData(TensorElementType.UInt16)]
    [InlineData(TensorElementType.Int32)]
    [InlineData(TensorElementType.UInt32)]
    [InlineData(TensorElementType.Int64)]
    [InlineData(TensorElementType.UInt64)]
    public void Run_Identity_ReturnsTheSameBytes(TensorElementType type)
    {
        using InferenceSession session = TinyModel.Open(TinyModel.Identity(type));
        OrtTensor x = OrtTensor.Allocate(type, 5, 3);
        for (int i = 0; i < x.ByteCount; i++)
        {
            x.Bytes[i] = (byte)(type == TensorElementType.Bool ? i % 2 : (i * 37) & 0x3F);
        }

        OrtTensor y = Assert.Single(session.Run(new Dictionary<string, OrtTensor> { ["x"] = x }));
        Assert.Equal(type, y.ElementType);
        Assert.Equal([5, 3], y.Shape.ToArray());
        Assert.Equal(x.Bytes.ToArray(), y.Bytes.ToArray());
    }

    [Fact]
    public void Run_EmptyBatch_ReturnsAnEmptyTensor()
    {
        using InferenceSession session =
            TinyModel.Open(TinyModel.Identity(TensorElementType.Float));
        OrtTensor y = session.Run(
            new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Allocate(TensorElementType.Float, 0, 3) })[0];
        Assert.Equal([0, 3], y.Shape.ToArray());
    }

    [Fact]
    public void Run_OutputsByName_ComeInTheOrderAskedFor()
    {
        using InferenceSession session = TinyModel.Open(TinyModel.SumAndDifference());
        Dictionary<string, OrtTensor> inputs = new()
        {
            ["a"] = OrtTensor.Create<float>([1, 2, 3], 1, 3),
            ["b"] = OrtTensor.Create<float>([10, 20, 30], 1, 3),
        };
        IReadOnlyList<OrtTensor> both = session.Run(inputs, ["difference", "sum"]);
        Assert.Equal([-9.0, -18, -27], both[0].ToDoubles());
        Assert.Equal([11.0, 22, 33], both[1].ToDoubles());
        Assert.Equal([11.0, 22, 33], Assert.Single(session.Run(inputs, ["sum"])).ToDoubles());
    }

    [Fact]
    public void Run_UnknownMissingOrWrongInput_SaysWhich()
    {
        using InferenceSession session = TinyModel.Open(TinyModel.SumAndDifference());
        OrtTensor good = OrtTensor.Create<float>([1, 2, 3], 1, 3);
        Assert.Contains("'c'", Refusal(session, ("c", good)), StringComparison.Ordinal);
        Assert.Contains("Missing Input: b", Refusal(session, ("a", good)), StringComparison.Ordinal);
        OrtTensor wrong = OrtTensor.Create<double>([1, 2, 3], 1, 3);
        Assert.Contains("double", Refusal(session, ("a", good), ("b", wrong)), StringComparison.Ordinal);
        Assert.NotEmpty(Refusal(session, ("a", good), ("b", OrtTensor.Create<float>([1, 2], 1, 2))));
    }

    [Fact]
    public void Describe_TinyModel_TellsNamesTypesAndShapes()
    {
        using InferenceSession session = TinyModel.Open(TinyModel.Identity(TensorElementType.Float16));
        ValueDescription input = Assert.Single(ValueDescription.Inputs(session));
        Assert.Equal("x: float16[batch,3]", input.ToString());
        Assert.Equal(new OrtDimension(-1, "batch"), input.Shape[0]);
        Assert.Equal("y: float16[batch,3]", Assert.Single(ValueDescription.Outputs(session)).ToString());
    }

    private static string Refusal(InferenceSession session, params (string Name, OrtTensor Tensor)[] inputs) =>
        Assert.Throws<OnnxRuntimeException>(() => session.Run(inputs.ToDictionary(i => i.Name, i => i.Tensor))).Message;
}

using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

public sealed class EntropyTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 9)]
    [InlineData(200, 300)]
    [InlineData(1100, 1000)]
    public void Compute_EntropyCodedWeight_AgreesWithReference(int rows, int columns)
    {
        DynWeight weight = LevelCase.Draw(rows, columns, rows, spread: 8).Weight();
        OrtTensor bias = Inputs.Random(4, TensorElementType.Float, columns);
        using InferenceSession session = NativeHost.Open(NodeModel.Of(weight, bias));
        ProductOracle oracle = new(weight, bias.ToDoubles());
        foreach (int batch in (int[])[1, 5, 40])
        {
            OrtTensor x = Inputs.Random(batch, TensorElementType.Float, batch, rows);
            Assert.True(oracle.Check(x, NativeHost.Run(session, x)) <= 1);
        }
    }

    [Fact]
    public void Load_DamagedStream_IsRefusedWithASentenceThatNamesTheNode()
    {
        DynWeight weight = LevelCase.Draw(60, 70, 3, spread: 8).Weight();
        byte[] stream = weight.Stream!.Bytes.ToArray();
        for (int cut = 0; cut < stream.Length; cut += 97)
        {
            NodeModel model = NodeModel.Of(weight);
            model.Constants[DynOperator.PositionOf(WeightInput.Codes)] =
                OrtTensor.Create<byte>(stream.AsSpan(0, cut), cut);
            string message = Assert.Throws<OnnxRuntimeException>(() => NativeHost.Open(model).Dispose()).Message;
            Assert.Contains("node 'layer': ", message, StringComparison.Ordinal);
        }

        stream[^3] ^= 64;
        NodeModel flipped = NodeModel.Of(weight);
        flipped.Constants[DynOperator.PositionOf(WeightInput.Codes)] = OrtTensor.Create<byte>(stream, stream.Length);
        Assert.Contains(
            "file is damaged",
            Assert.Throws<OnnxRuntimeException>(() => NativeHost.Open(flipped).Dispose()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutTheLibrary_NamesTheLibrary()
    {
        DynWeight weight = LevelCase.Draw(8, 8, 3, spread: 8).Weight();
        using SessionOptions options = OrtRuntime.Options();
        string message = Assert.Throws<OnnxRuntimeException>(
            () => new InferenceSession(NodeModel.Of(weight).ToBytes(), options).Dispose()).Message;
        Assert.Contains("flat_custom_ops", message, StringComparison.Ordinal);
    }
}

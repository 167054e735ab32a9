using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>
/// What ONNX Runtime makes of a converted model when it creates a session: the very nodes that it makes of the
/// original, with the library and without it.
/// </summary>
public sealed class FoldedSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, bool> Cases => new()
    {
        { 7, false }, { 9, true }, { 11, false }, { 17, false }, { 17, true }, { 21, true },
    };

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Session_OfConvolutions_HasTheNodesOfTheOriginal(int opset, bool withLibrary)
    {
        ModelBuilder builder = Network(opset);
        ConvertedModel converted = ConversionCheck.Convert(builder, 3);

        string[] expected = Optimised(builder.Proto, withLibrary: false);

        Assert.DoesNotContain("BatchNormalization", expected);
        Assert.DoesNotContain("Relu", expected);
        Assert.Equal(expected, Optimised(converted.Model.Proto, withLibrary));
    }

    [Theory]
    [InlineData("LSTM")]
    [InlineData("GRU")]
    [InlineData("batch")]
    [InlineData("Einsum")]
    [InlineData("Gather")]
    public void Session_OfOtherOperators_HasTheNodesOfTheOriginal(string name)
    {
        ModelBuilder builder = DenseModels.Create(name);
        ConvertedModel converted = ConversionCheck.Convert(builder, DenseModels.Weights(name));

        Assert.Equal(Optimised(builder.Proto, withLibrary: false), Optimised(converted.Model.Proto, withLibrary: true));
    }

    private string[] Optimised(ModelProto model, bool withLibrary)
    {
        string path = _folder["optimised.onnx"];
        using SessionOptions options = OrtRuntime.Options(threads: 1);
        options.OptimizedModelFilePath = path;
        if (withLibrary)
        {
            options.RegisterCustomOpLibrary(OrtRun.Library);
        }

        using (InferenceSession session = new(model.ToByteArray(), options))
        {
            Assert.NotEmpty(session.OutputNames);
        }

        ModelProto optimised = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        return [.. optimised.Graph.Node.Select(node => $"{node.Domain}:{node.OpType}").Order(StringComparer.Ordinal)];
    }

    // Convolution, normalisation and activation, which ONNX Runtime joins where the weights are constants.
    private static ModelBuilder Network(int opset)
    {
        ModelBuilder builder = new ModelBuilder(opset).Input("h0", DataType.Float, 1, 16, 8, 8);
        builder.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue = 1;
        for (int i = 0; i < 3; i++)
        {
            builder.Weight($"W{i}", DataType.Float, 16, 16, 3, 3)
                .Node("Conv", [$"h{i}", $"W{i}"], $"c{i}", TestModels.Ints("pads", 1, 1, 1, 1));
            foreach (string name in (string[])["scale", "bias", "mean", "variance"])
            {
                TensorProto tensor = builder.Tensor($"{name}{i}", DataType.Float, 16);
                byte[] raw = tensor.RawData.ToByteArray();
                raw.AsSpan().Clear();
                for (int k = 0; k < 16; k++)
                {
                    BitConverter.TryWriteBytes(raw.AsSpan(4 * k), name == "mean" ? 0.1f * k : 1 + (0.1f * k));
                }

                tensor.RawData = ByteString.CopyFrom(raw);
                builder.Graph.Initializer.Add(tensor);
            }

            builder.Node(
                "BatchNormalization", [$"c{i}", $"scale{i}", $"bias{i}", $"mean{i}", $"variance{i}"], $"n{i}")
                .Node("Relu", [$"n{i}"], $"h{i + 1}");
        }

        return builder.Output("h3");
    }
}

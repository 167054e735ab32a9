using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Conversion;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Standard;

/// <summary>Weights as ONNX Runtime's own operators read them, run without our library.</summary>
public sealed class StandardConversionTests
{
    private const int Inputs = 70;
    private const int Outputs = 46;

    // Enough for 8 bits everywhere, in blocks that are not full.
    private const double EightBits = 12;

    [Theory]
    [InlineData("Conv")]
    [InlineData("grouped")]
    [InlineData("depthwise")]
    [InlineData("one filter")]
    [InlineData("ConvTranspose")]
    [InlineData("LSTM")]
    [InlineData("GRU")]
    [InlineData("RNN")]
    [InlineData("both directions")]
    [InlineData("Gather")]
    [InlineData("Gather axis 1")]
    [InlineData("batch")]
    [InlineData("Einsum")]
    [InlineData("transposed behind")]
    public void Convert_DenseWeights_GiveTheOriginalsOutputs(string name) =>
        Converts(DenseModels.Create(name), DenseModels.Weights(name));

    [Theory]
    [InlineData(17, 8)]
    [InlineData(21, 10)]
    [InlineData(23, 10)]
    public void Convert_EveryOperatorSet_GivesTheOriginalsOutputs(int opset, int irVersion)
    {
        ModelBuilder builder = new ModelBuilder(opset, irVersion).Input("x", DataType.Float, 1, 24, 7, 6)
            .Weight("W", DataType.Float, 33, 24, 3, 3)
            .Weight("V", DataType.Float, 30, Outputs)
            .Node("Conv", ["x", "W"], "a")
            .Node("Reshape", ["a", "shape"], "r")
            .Integers("shape", 22, 30)
            .Node("MatMul", ["r", "V"], "y")
            .Output("y");

        Converts(builder, 2);
    }

    [Theory]
    [InlineData("MatMul")]
    [InlineData("MatMul and Add")]
    [InlineData("left")]
    [InlineData("Gemm")]
    [InlineData("large table")]
    public void Convert_Products_GiveTheOriginalsOutputs(string name)
    {
        ModelProto converted = Converts(Products(name)).Model.Proto;

        string expected = name == "large table" ? "GatherBlockQuantized" : "MatMulNBits";
        Assert.Contains(converted.Graph.Node, node => node.OpType == expected && node.Domain == "com.microsoft");
        Assert.DoesNotContain(converted.Graph.Node, node => node.OpType is "MatMul" or "Gemm" or "Gather");
    }

    /// <summary>
    /// On random x, the outputs' relative error is that of the weights; wrong codes, scales or zero points are far off.
    /// </summary>
    [Theory]
    [InlineData(2.25)]
    [InlineData(2.5)]
    [InlineData(3.2)]
    [InlineData(4.2)]
    [InlineData(4.6)]
    [InlineData(5.1)]
    [InlineData(8.2)]
    public void Convert_EveryWidth_LosesWhatIsReported(double bits)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 200, 320)
            .Weight("W", DataType.Float, 320, 64)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y");

        ConvertedModel converted = Convert(builder, 1, bits);

        WeightReport weight = converted.Weights[0];
        double loss = PortableCheck.RelativeError(
            OrtRun.Alone(converted.Model.Proto, builder.Feeds)[0].ToDoubles(),
            OrtRun.Alone(builder.Proto, builder.Feeds)[0].ToDoubles());
        Assert.InRange(loss, 0.9 * Math.Sqrt(weight.Error!.Value), 1.1 * Math.Sqrt(weight.Error!.Value));
        Assert.InRange(weight.BitsPerWeight, 0.6 * bits, bits);
    }

    [Fact]
    public void Convert_Float16_GivesTheOriginalsOutputs()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float16, 5, Inputs)
            .Weight("W", DataType.Float16, Inputs, Outputs)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y", DataType.Float16);

        Converts(builder);
    }

    [Theory]
    [InlineData(DataType.Double)]
    [InlineData(DataType.Bfloat16)]
    public void Convert_OtherElementTypes_StayWithTheReason(DataType type)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", type, 5, Inputs)
            .Weight("W", type, Inputs, Outputs)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y", type);

        ConvertedModel converted = Convert(builder, 0, EightBits);

        Assert.Contains("float32 and float16", converted.Weights[0].SkippedReason, StringComparison.Ordinal);
        Assert.Equal(builder.Proto, converted.Model.Proto);
    }

    [Fact]
    public void Convert_Mask_StaysExact()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 2, 600).Output("y");
        float[] values = [.. Enumerable.Range(0, 2 * 600).Select(i => i % 7 == 0 ? -1e9f : 0)];
        builder.Graph.Initializer.Add(TensorWriter.Float32("mask", [2, 600], values));
        builder.Node("Add", ["x", "mask"], "y");

        Assert.Equal(builder.Proto, Convert(builder, 0, EightBits).Model.Proto);
    }

    [Fact]
    public void Convert_WeightsOfBranchesLoopsAndFunctions_Load()
    {
        foreach (string name in (string[])["branches", "outer weight", "loop", "function", "shared", "chains"])
        {
            ConvertedModel converted = ModelConverter.Convert(EditedSizeModels.Create(name), Options(EightBits));

            Assert.Contains(converted.Weights, weight => weight.SkippedReason is null);
            Assert.DoesNotContain(
                converted.Model.Proto.OpsetImport, import => import.Domain == "ai.flatlearning");
            OrtRun.Load(converted.Model.Proto);
        }
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.12)]
    public void Convert_ForASize_IsNoLarger(double share)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, 256).Output("y")
            .Weight("V", DataType.Float, 256, 320)
            .Weight("W", DataType.Float, 320, 192)
            .Node("MatMul", ["x", "V"], "h")
            .Node("MatMul", ["h", "W"], "y");
        long original = ModelSize.Of(builder.Model);

        ConvertedModel converted = ModelConverter.Convert(
            builder.Model, Options(0) with { Target = PlanTarget.ShareOfSize(share) });

        long size = ModelSize.WhenSaved(converted.Model, ModelSize.UsualName, new SaveOptions());
        Assert.True(converted.Target!.Met);
        Assert.Equal(size, converted.Target.Reached);
        Assert.InRange((double)size, 0.75 * share * original, share * original);
    }

    [Fact]
    public void Convert_ConvertedModel_LeavesWhatIsQuantisedAlready()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, 512).Output("y")
            .Weight("W", DataType.Float, 512, 512)
            .Node("MatMul", ["x", "W"], "y");
        OnnxModel blocks = Convert(builder, 1, 4.5).Model;

        ConvertedModel converted = ModelConverter.Convert(blocks, new ConvertOptions());

        Assert.Equal(["W.codes", "W.scales"], converted.Weights.Select(weight => weight.Name));
        Assert.All(
            converted.Weights,
            weight => Assert.Contains("quantised already", weight.SkippedReason, StringComparison.Ordinal));
    }

    private static ModelBuilder Products(string name)
    {
        ModelBuilder builder = new ModelBuilder().Output("y");
        switch (name)
        {
            case "MatMul":
                return builder.Input("x", DataType.Float, 2, 5, Inputs)
                    .Weight("W", DataType.Float, Inputs, Outputs)
                    .Node("MatMul", ["x", "W"], "y");
            case "MatMul and Add":
                return builder.Input("x", DataType.Float, 5, Inputs)
                    .Weight("W", DataType.Float, Inputs, Outputs)
                    .Weight("b", DataType.Float, Outputs)
                    .Node("MatMul", ["x", "W"], "p")
                    .Node("Add", ["b", "p"], "y");
            case "left":
                return builder.Input("x", DataType.Float, Inputs, 5)
                    .Weight("W", DataType.Float, Outputs, Inputs)
                    .Node("MatMul", ["W", "x"], "y");
            case "Gemm":
                return builder.Input("x", DataType.Float, 5, Inputs)
                    .Weight("W", DataType.Float, Outputs, Inputs)
                    .Weight("b", DataType.Float, Outputs)
                    .Node(
                        "Gemm", ["x", "W", "b"], "y", TestModels.Int("transB", 1), TestModels.Float("alpha", 0.5f),
                        TestModels.Float("beta", 3));
            default:
                builder.Graph.Input.Add(TestModels.Value("ids", DataType.Int64, 3));
                builder.Feeds["ids"] = OrtTensor.Create<long>([17, 2047, 0], 3);
                return builder.Weight("W", DataType.Float, 2048, 72).Node("Gather", ["W", "ids"], "y");
        }
    }

    private static ConvertedModel Converts(ModelBuilder builder, int expected = 1, double bits = EightBits)
    {
        ConvertedModel converted = Convert(builder, expected, bits);
        Assert.True(converted.Portable);
        Assert.DoesNotContain(converted.Model.Proto.OpsetImport, import => import.Domain == "ai.flatlearning");
        ConversionCheck.Near(
            "blocks and original", OrtRun.Alone(converted.Model.Proto, builder.Feeds),
            OrtRun.Alone(builder.Proto, builder.Feeds), ConversionCheck.EightBitLoss);
        return converted;
    }

    private static ConvertedModel Convert(ModelBuilder builder, int expected, double bits) =>
        ConversionCheck.Convert(builder, expected, Options(bits));

    private static ConvertOptions Options(double bits) => new()
    {
        Format = WeightFormat.OnnxRuntime,
        Target = PlanTarget.BitsPerWeight(bits),
        MinSize = 512,
        Threads = 1,
    };
}

using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Quantised;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Conversion;
using FlatLearning.Onnx.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Quantised;

/// <summary>
/// Weights that are quantised already. ONNX Runtime's own kernels say what the codes stand for: the original runs there
/// and is compared with the model in which its weights are dense, and with what is converted from that.
/// </summary>
public sealed class RequantizationTests
{
    private const string Microsoft = "com.microsoft";
    private const int K = 70;
    private const int N = 46;

    // x is rounded to 8 bits in the originals that quantise it themselves.
    private const double RoundedInputs = 0.02;

    private static readonly ConvertOptions Options = ConversionCheck.Options with { Requantize = true };

    private readonly Random _random = new(11);

    [Theory]
    [InlineData(4, 16, false, false)]
    [InlineData(4, 32, true, true)]
    [InlineData(4, 128, true, false)]
    [InlineData(8, 32, false, true)]
    [InlineData(8, 16, true, false)]
    [InlineData(2, 32, true, false)]
    public void MatMulNBits_BecomesAWeight(int bits, int block, bool hasZeros, bool hasBias)
    {
        int blocks = (K + block - 1) / block;
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, K);
        builder.Domains.Add(Microsoft);
        Bytes(builder, "B", N, blocks, block * bits / 8);
        Scales(builder, "scales", N, blocks);
        List<string> inputs = ["x", "B", "scales"];
        if (hasZeros || hasBias)
        {
            inputs.Add(hasZeros ? "zeros" : string.Empty);
        }

        if (hasZeros)
        {
            Bytes(builder, "zeros", N, ((blocks * bits) + 7) / 8);
        }

        if (hasBias)
        {
            inputs.AddRange([string.Empty, "bias"]);
            builder.Weight("bias", DataType.Float, N);
        }

        NodeProto node = Node(
            builder, "MatMulNBits", inputs, TestModels.Int("K", K), TestModels.Int("N", N),
            TestModels.Int("bits", bits), TestModels.Int("block_size", block));
        Becomes(builder, "B", "MatMul");
        Assert.Equal("MatMulNBits", node.OpType);
    }

    [Theory]
    [InlineData(DataType.Uint4, true, 4)]
    [InlineData(DataType.Int4, false, 4)]
    [InlineData(DataType.Uint8, true, 4)]
    [InlineData(DataType.Uint8, false, 8)]
    public void GatherBlockQuantized_BecomesATable(DataType type, bool hasZeros, int bits)
    {
        const int Rows = 90, Width = 64, Block = 32;
        bool arePacked = type == DataType.Uint8;
        int perByte = 8 / bits;
        ModelBuilder builder = new ModelBuilder(21, 10).Integers("rows", 0, 89, 17, 17, 4);
        builder.Domains.Add(Microsoft);
        Codes(builder, "B", type, Rows, arePacked ? Width / perByte : Width);
        Scales(builder, "scales", Rows, Width / Block);
        List<string> inputs = ["B", "rows", "scales"];
        if (hasZeros)
        {
            inputs.Add("zeros");
            int blocks = Width / Block;
            Codes(builder, "zeros", type, Rows, arePacked ? (blocks + perByte - 1) / perByte : blocks);
        }

        AttributeProto[] attributes = [
            TestModels.Int("gather_axis", 0), TestModels.Int("quantize_axis", 1), TestModels.Int("block_size", Block)];
        Node(
            builder, "GatherBlockQuantized", inputs,
            bits == 4 ? attributes : [.. attributes, TestModels.Int("bits", bits)]);
        Becomes(builder, "B", "Gather");
    }

    [Theory]
    [InlineData("MatMul")]
    [InlineData("Conv")]
    public void DequantizeLinear_BecomesAWeightOfWhateverReadsIt(string type)
    {
        bool isConv = type == "Conv";
        long[] dims = isConv ? [N, 4, 3, 3] : [K, N];
        ModelBuilder builder = new ModelBuilder(19, 9)
            .Input("x", DataType.Float, isConv ? [1, 4, 9, 8] : [3, K])
            .Weight("B", DataType.Int8, dims);
        Scales(builder, "scales", N);
        builder.Node("DequantizeLinear", ["B", "scales"], "w", TestModels.Int("axis", isConv ? 0 : 1))
            .Node(type, ["x", "w"], "y")
            .Output("y");
        Becomes(builder, "B", type);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void DynamicQuantizeMatMul_BecomesAWeight(bool perColumn, bool hasBias)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, K).Weight("B", DataType.Int8, K, N);
        builder.Domains.Add(Microsoft);
        Scales(builder, "scales", perColumn ? N : 1);
        List<string> inputs = ["x", "B", "scales"];
        if (hasBias)
        {
            inputs.AddRange([string.Empty, "bias"]);
            builder.Weight("bias", DataType.Float, N);
        }

        Node(builder, "DynamicQuantizeMatMul", inputs);
        Becomes(builder, "B", "MatMul", RoundedInputs);
    }

    [Theory]
    [InlineData("MatMulInteger", false)]
    [InlineData("MatMulInteger", true)]
    [InlineData("ConvInteger", false)]
    public void DynamicallyQuantisedProduct_BecomesAWeight(string type, bool areShared)
    {
        bool isConv = type == "ConvInteger";
        long[] dims = isConv ? [N, 4, 3, 3] : [K, N];
        ModelBuilder builder = new ModelBuilder()
            .Input("x", DataType.Float, isConv ? [1, 4, 9, 8] : [3, K])
            .Output("y");
        Codes(builder, "B", DataType.Uint8, dims);
        Codes(builder, "C", DataType.Uint8, dims);
        Scales(builder, "scale", 1);
        Codes(builder, "zero", DataType.Uint8, 1);
        builder.Graph.Initializer[^1].Dims.Clear();
        builder.Graph.Node.Add(TestModels.Node("DynamicQuantizeLinear", ["x"], ["xq", "xs", "xz"]));
        Product("B", areShared ? "a" : "y");
        if (areShared)
        {
            Product("C", "b");
            builder.Node("Add", ["a", "b"], "y");
        }
        else
        {
            builder.Graph.Initializer.Remove(builder.Graph.Initializer.Single(tensor => tensor.Name == "C"));
        }

        Becomes(builder, "B", isConv ? "Conv" : "MatMul", RoundedInputs, areShared ? 2 : 1);

        void Product(string codes, string y) => builder
            .Node("Mul", ["xs", "scale"], $"{y}_scale")
            .Node(type, ["xq", codes, "xz", "zero"], $"{y}_sum")
            .Node("Cast", [$"{y}_sum"], $"{y}_float", TestModels.Int("to", (long)DataType.Float))
            .Node("Mul", [$"{y}_float", $"{y}_scale"], y);
    }

    [Fact]
    public void Convert_WithoutRequantize_SaysWhatTheWeightIs()
    {
        ModelBuilder builder = new ModelBuilder(19, 9)
            .Input("x", DataType.Float, 3, K)
            .Weight("B", DataType.Int8, K, N);
        Scales(builder, "scales", N);
        builder.Node("DequantizeLinear", ["B", "scales"], "w", TestModels.Int("axis", 1))
            .Node("MatMul", ["x", "w"], "y")
            .Output("y");

        ConversionCheck.Skips(builder, "B", "quantised already", "int8", "DequantizeLinear", "--requantize");
    }

    [Fact]
    public void Convert_SourceThatIsNotSelected_StaysAsItIs()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, K).Weight("W", DataType.Float, K, N)
            .Node("MatMul", ["x", "W"], "a");
        builder.Domains.Add(Microsoft);
        builder.Weight("B", DataType.Int8, K, N);
        Scales(builder, "scales", 1);
        Node(builder, "DynamicQuantizeMatMul", ["x", "B", "scales"], "b");
        builder.Node("Add", ["a", "b"], "y").Output("y");
        ConvertOptions options = Options with { Exclude = new("^B$") };

        ConvertedModel converted = ModelConverter.Convert(builder.Model, options);

        Assert.Contains(builder.Graph.Node[1], converted.Model.Proto.Graph.Node);
        Assert.Equal("W", Assert.Single(converted.Weights, weight => weight.SkippedReason is null).Name);
    }

    [Fact]
    public void Convert_NothingToRequantize_SaysSo()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, K).Weight("W", DataType.Float, K, N)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y");

        Assert.Contains(
            ModelConverter.Convert(builder.Model, Options).Notes,
            note => note.Contains("no weight", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("K", 71)]
    [InlineData("bits", 3)]
    [InlineData("block_size", 7)]
    public void Dequantised_ShapesThatDoNotFit_StaysAsItIs(string attribute, int value)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, K);
        builder.Domains.Add(Microsoft);
        Bytes(builder, "B", N, 3, 16);
        Scales(builder, "scales", N, 3);
        NodeProto node = Node(
            builder, "MatMulNBits", ["x", "B", "scales"], TestModels.Int("K", K), TestModels.Int("N", N),
            TestModels.Int("bits", 4), TestModels.Int("block_size", 32));
        node.Attribute.Single(one => one.Name == attribute).I = value;
        if (attribute == "K")
        {
            // As many blocks, but codes of one column fewer.
            node.Attribute.Single(one => one.Name == "N").I = N - 1;
        }

        Assert.Equal(
            builder.Proto, QuantisedSources.Dequantised(builder.Model, (_, _) => true).Model.Proto);
    }

    // The dense model gives what ONNX Runtime gives, nothing of the source is left, and what is converted agrees.
    private static void Becomes(
        ModelBuilder builder, string codes, string type, double tolerance = 1e-5, int count = 1)
    {
        // As written: optimised products of codes of 8 bits round x, too.
        IReadOnlyList<OrtTensor> original = OrtRun.Run(
            builder.Proto, builder.Feeds,
            options => options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL);
        ModelProto dense = QuantisedSources.Dequantised(builder.Model, (_, _) => true).Model.Proto;

        ConversionCheck.Near("dense", OrtRun.Alone(dense, builder.Feeds), original, tolerance);
        Assert.DoesNotContain(dense.Graph.Initializer, tensor => tensor.Name == codes);
        Assert.Equal(count, dense.Graph.Node.Count(node => node.OpType == type));
        Assert.DoesNotContain(dense.Graph.Node, QuantisedSources.Has);
        ConvertedModel converted = ConversionCheck.Converts(
            builder, count, Options, loss: ConversionCheck.EightBitLoss + (2 * tolerance));
        // But for a scale that is no input of the node, and what weights share.
        long stored = builder.Graph.Initializer.Where(tensor => tensor.Name is not ("bias" or "rows"))
            .Sum(tensor => TensorInfo.Of(tensor).ByteLength);
        Assert.InRange(
            converted.Weights.Where(weight => weight.SkippedReason is null).Sum(weight => weight.OriginalBytes),
            stored - 5, stored + 5);
        Assert.Contains(converted.Notes, note => note.StartsWith($"{count} ", StringComparison.Ordinal));
    }

    private static NodeProto Node(
        ModelBuilder builder, string type, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        NodeProto node = Node(builder, type, inputs, "y", attributes);
        builder.Output("y");
        return node;
    }

    private static NodeProto Node(
        ModelBuilder builder, string type, IEnumerable<string> inputs, string output,
        params AttributeProto[] attributes)
    {
        NodeProto node = TestModels.Node(type, [.. inputs], [output], attributes);
        node.Domain = Microsoft;
        builder.Graph.Node.Add(node);
        return node;
    }

    private void Bytes(ModelBuilder builder, string name, params long[] dims) =>
        Codes(builder, name, DataType.Uint8, dims);

    private void Codes(ModelBuilder builder, string name, DataType type, params long[] dims)
    {
        long count = dims.Aggregate(1L, (product, dim) => product * dim);
        byte[] bytes = new byte[(count * ElementTypes.BitsOf(type) + 7) / 8];
        _random.NextBytes(bytes);
        builder.Graph.Initializer.Add(TensorWriter.Raw(name, type, dims, bytes));
    }

    private void Scales(ModelBuilder builder, string name, params long[] dims)
    {
        float[] values = new float[dims.Aggregate(1L, (product, dim) => product * dim)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = 0.01f + (0.01f * _random.NextSingle());
        }

        builder.Graph.Initializer.Add(TensorWriter.Float32(name, dims, values));
    }
}

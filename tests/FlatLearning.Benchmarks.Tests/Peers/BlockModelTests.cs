using FlatLearning.Benchmarks.Peers;
using FlatLearning.Fitting.Peers;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Testing;

namespace FlatLearning.Benchmarks.Tests.Peers;

/// <summary>Our rounding to ONNX Runtime's blocks against what its own MatMulNBits computes.</summary>
public sealed class BlockModelTests : IDisposable
{
    private const int Rows = 3;
    private const int Inputs = 70;
    private const int Hidden = 24;
    private const int Outputs = 5;

    /// <summary>
    /// Sums of 70 products in float32, in any order: 70 roundings of 2^-24 of the terms' magnitude, which is below 8
    /// times that of the result here.
    /// </summary>
    private const double FloatSums = 70 * 8 / 16777216.0;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flat-blocks-");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<int, int, BlockSymmetry> Formats()
    {
        TheoryData<int, int, BlockSymmetry> data = [];
        foreach (BlockSymmetry symmetry in Enum.GetValues<BlockSymmetry>())
        {
            foreach (int bits in new[] { 4, 8 })
            {
                data.Add(bits, 16, symmetry);
                data.Add(bits, 32, symmetry);
                data.Add(bits, 128, symmetry);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Write_SmallModel_ComputesInOrtWhatOurDequantisedWeightsGive(
        int bits, int blockSize, BlockSymmetry symmetry)
    {
        (string path, float[] w1, float[] w2, float[] bias) = Model();
        OrtBlockFormat format = new(bits, blockSize, symmetry);
        string target = Path.Combine(_folder.FullName, "blocks.onnx");
        BlockModel written = BlockModel.Write(path, target, format, PeerStorage.Blocks, minSize: 1);
        Assert.Equal((3, 2), (written.Nodes, written.Weights));
        Assert.Equal(format.PlannedBytes(Inputs, Hidden) + format.PlannedBytes(Hidden, Outputs), written.StoredBytes);
        Assert.DoesNotContain(
            OnnxModelFile.Load(target).Proto.Graph.Initializer, tensor => tensor.Name is "w1" or "w2");

        float[] x = Values(Rows * Inputs, 5);
        double[] hidden = Product(x, format.RoundTrip(new PeerMatrix(w1, Inputs, Hidden)).Values, Rows, Inputs, Hidden);
        double[] expected = Product(
            Array.ConvertAll(hidden, value => (float)(2 * value)),
            format.RoundTrip(new PeerMatrix(Transposed(w2), Hidden, Outputs)).Values,
            Rows,
            Hidden,
            Outputs);
        using ModelRunner runner = ModelRunner.Open(target);
        float[] y = runner.Run(
            new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Create(x, Rows, Inputs) })["y"].AsSpan<float>()
                .ToArray();
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal(expected[i] + bias[i % Outputs], y[i], FloatSums * scale);
        }

        string dense = Path.Combine(_folder.FullName, "dense.onnx");
        BlockModel.Write(path, dense, format, PeerStorage.Dense, minSize: 1);
        ComparisonReport report = ModelComparer.Compare(new ComparisonRequest { Original = dense, Converted = target });
        Assert.True(
            report.Outputs[0].Identical || report.Outputs[0].RelativeL2 < FloatSums, $"{report.Outputs[0].RelativeL2}");
    }

    [SharedTheory]
    [InlineData("burn_mnist", BlockSymmetry.Symmetric)]
    [InlineData("misaki_bart_us", BlockSymmetry.Asymmetric)]
    public void Write_RealModel_AgreesWithDenseWeights(string name, BlockSymmetry symmetry)
    {
        string path = Path.Combine(Repository.Shared!, "models", name + ".onnx");
        (string blocks, string dense) =
            (Path.Combine(_folder.FullName, "blocks.onnx"), Path.Combine(_folder.FullName, "dense.onnx"));
        OrtBlockFormat format = new(4, 32, symmetry);
        BlockModel written = BlockModel.Write(path, blocks, format, PeerStorage.Blocks, minSize: 1024);
        BlockModel.Write(path, dense, format, PeerStorage.Dense, minSize: 1024);
        Assert.All(
            ModelComparer.Compare(new ComparisonRequest { Original = dense, Converted = blocks }).Outputs,
            output => Assert.True(
                output.Identical || output.RelativeL2 <= PeerRunCommand.Agreement,
                $"{output.Name}: {output.RelativeL2}"));
        Assert.True(
            ModelComparer.Compare(
                new ComparisonRequest { Original = path, Converted = blocks }).Outputs[0].RelativeL2 > 1e-3);
        long rest =
            new FileInfo(blocks).Length - (new FileInfo(dense).Length - (4 * written.Elements) + written.StoredBytes);
        Assert.InRange(rest, 0, 400 * written.Nodes);
    }

    /// <summary>h = x w1, twice and summed; y = h w2ᵀ + bias.</summary>
    private (string Path, float[] W1, float[] W2, float[] Bias) Model()
    {
        (float[] w1, float[] w2, float[] bias) =
            (Values(Inputs * Hidden, 1), Values(Outputs * Hidden, 2), Values(Outputs, 3));
        ModelProto model = new() { IrVersion = 8, Graph = new GraphProto { Name = "small" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.Input.Add(Value("x", Inputs));
        model.Graph.Output.Add(Value("y", Outputs));
        model.Graph.Initializer.Add(
            [
                TensorWriter.Float32("w1", [Inputs, Hidden], w1),
                TensorWriter.Float32("w2", [Outputs, Hidden], w2),
                TensorWriter.Float32("bias", [Outputs], bias)]);
        model.Graph.Node.Add(
            [
                Node("MatMul", ["x", "w1"], "a"),
                Node("MatMul", ["x", "w1"], "b"),
                Node("Add", ["a", "b"], "h"),
                Node("Gemm", ["h", "w2", "bias"], "y")]);
        model.Graph.Node[3].Attribute.Add(
            new AttributeProto { Name = "transB", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        string path = Path.Combine(_folder.FullName, "small.onnx");
        File.WriteAllBytes(path, Google.Protobuf.MessageExtensions.ToByteArray(model));
        return (path, w1, w2, bias);
    }

    private static float[] Values(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 0.9))];
    }

    private static float[] Transposed(float[] w2) =>
        [.. Enumerable.Range(0, Hidden * Outputs).Select(i => w2[(i % Outputs * Hidden) + (i / Outputs)])];

    private static double[] Product(float[] x, float[] w, int rows, int inner, int columns) =>
        [.. Enumerable.Range(0, rows * columns)
            .Select(
                i => Enumerable.Range(0, inner)
                    .Sum(k => (double)x[(i / columns * inner) + k] * w[(k * columns) + (i % columns)]))];

    private static NodeProto Node(string type, string[] inputs, string output)
    {
        NodeProto node = new() { OpType = type, Name = output };
        node.Input.Add(inputs);
        node.Output.Add(output);
        return node;
    }

    private static ValueInfoProto Value(string name, int size)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(
            [
                new TensorShapeProto.Types.Dimension { DimParam = "n" },
                new TensorShapeProto.Types.Dimension { DimValue = size }]);
        return new ValueInfoProto { Name = name,
            Type = new TypeProto {
                TensorType =
                    new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }
}

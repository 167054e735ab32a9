using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using Google.Protobuf;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

/// <summary>Outputs that are no tensors of numbers: compared element by element.</summary>
public sealed class OutputKindTests : IDisposable
{
    private const string Learning = "ai.onnx.ml";
    private static readonly long[] Labels = [7, -3, 12];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_SequenceOfMaps_IsOneRowASampleInTheOrderOfTheKeys()
    {
        using ModelRunner runner = Open(Model());
        float[] x = [0.1f, 0.2f, 0.7f, 0.5f, 0.3f, 0.2f];

        IReadOnlyDictionary<string, OrtTensor> found =
            runner.Run(new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Create(x, 2, 3) });

        Assert.Equal([2, 3], found["maps"].Shape.ToArray());
        Assert.Equal([0.2f, 0.1f, 0.7f, 0.3f, 0.5f, 0.2f], found["maps"].AsSpan<float>().ToArray());
        Assert.Equal([3, 2, 1], found["parts"].Shape.ToArray());
        Assert.Equal([0.1f, 0.5f, 0.2f, 0.3f, 0.7f, 0.2f], found["parts"].AsSpan<float>().ToArray());
        Assert.True(found["texts"].IsText);
        long[] hashes = found["texts"].AsSpan<long>().ToArray();
        Assert.Equal(2, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Compare_EveryKind_IsMeasured(bool same)
    {
        string a = _folder.Write("a.onnx", Model());
        string b = _folder.Write("b.onnx", Model(same ? 1 : 2));

        ComparisonReport report = ModelComparer.Compare(new ComparisonRequest { Original = a, Converted = b });

        Dictionary<string, OutputReport> outputs = report.Outputs.ToDictionary(output => output.Name);
        Assert.Equal(["maps", "parts", "texts"], outputs.Keys.Order());
        Assert.All(["maps", "parts"], name => Assert.Equal(same ? 0 : 1, outputs[name].RelativeL2!.Value, 1e-6));
        Assert.Null(outputs["texts"].MaxAbs);
        Assert.Equal(same, outputs["texts"].Identical && outputs["maps"].Identical);
    }

    [Fact]
    public void Compare_MapsOfOtherKeys_IsRefused()
    {
        string a = _folder.Write("a.onnx", Model());
        ModelProto other = Model();
        other.Graph.Node.Single(node => node.OpType == "ZipMap").Attribute[0].Ints[0]++;
        string b = _folder.Write("b.onnx", other);

        Assert.Throws<UsageException>(
            () => ModelComparer.Compare(new ComparisonRequest { Original = a, Converted = b }));
    }

    private ModelRunner Open(ModelProto model) => ModelRunner.Open(_folder.Write("model.onnx", model));

    // maps, parts and texts of scale * x.
    private static ModelProto Model(float scale = 1)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 2, 3)
            .Node("Mul", ["x", "scale"], "y")
            .Node("ZipMap", ["y"], "maps", TestModels.Ints("classlabels_int64s", Labels))
            .Node("SplitToSequence", ["y"], "parts", TestModels.Int("axis", 1))
            .Node("ArgMax", ["shifted"], "best", TestModels.Int("axis", 1), TestModels.Int("keepdims", 0));
        builder.Graph.Initializer.Add(Onnx.Tensors.TensorWriter.Float32("scale", [1], [scale]));
        builder.Graph.Initializer.Add(
            Onnx.Tensors.TensorWriter.Float32("shift", [2, 3], [scale * 90, 0, 90, 0, 90, 0]));
        AttributeProto keys = TestModels.Ints("keys_int64s", 0, 1, 2);
        AttributeProto values = new() { Name = "values_strings", Type = AttributeProto.Types.AttributeType.Strings };
        values.Strings.Add(((string[])["a", "b", "c"]).Select(ByteString.CopyFromUtf8));
        builder.Node("LabelEncoder", ["best"], "texts", keys, values);
        builder.Graph.Node.Insert(1, TestModels.Node("Add", ["y", "shift"], ["shifted"]));
        foreach (NodeProto node in builder.Graph.Node.Where(node => node.OpType is "ZipMap" or "LabelEncoder"))
        {
            node.Domain = Learning;
        }

        TypeProto number = new() { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } };
        TypeProto map = new()
        {
            MapType = new TypeProto.Types.Map { KeyType = (int)DataType.Int64, ValueType = number },
        };
        builder.Graph.Output.Add(Sequence("maps", map));
        builder.Graph.Output.Add(Sequence("parts", number));
        builder.Output("texts", DataType.String);
        ModelProto model = builder.Proto;
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Learning, Version = 2 });
        return model;
    }

    private static ValueInfoProto Sequence(string name, TypeProto element) =>
        new() { Name = name,
            Type = new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = element } } };
}

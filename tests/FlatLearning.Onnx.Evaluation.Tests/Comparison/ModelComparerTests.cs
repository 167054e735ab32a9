using System.Text.Json;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

public sealed class ModelComparerTests : IDisposable
{
    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compare_ScaledWeights_MeasuresTheScale()
    {
        ComparisonReport report =
            ModelComparer.Compare(Request(perLayer: "yes", ComparisonModels.TwoLayers(1.5f, 1, 0, 0, 1)));

        // y' = 1.5 y: the error is half of y, whatever y.
        OutputReport output = Assert.Single(report.Outputs);
        Assert.Equal(0.5, output.RelativeL2!.Value, 1e-6);
        Assert.Equal(10 * Math.Log10(4), output.SnrDb!.Value, 1e-5);
        Assert.Equal(1, output.Cosine!.Value, 1e-6);
        Assert.Equal(1, output.Top1Agreement);
        Assert.Equal(SyntheticInputSource.DefaultSamples, report.Samples);
        LayerReport layer = Assert.Single(report.Layers);
        Assert.Equal("h", layer.Name);
        Assert.Equal(0.5, layer.RelativeL2!.Value, 1e-6);
        Assert.Empty(report.Failures);
    }

    [Fact]
    public void Compare_WithoutPerLayer_HasNoLayers()
    {
        Assert.Empty(ModelComparer.Compare(Request(perLayer: null, ComparisonModels.TwoLayers(2, 1, 0, 0, 1))).Layers);
    }

    [Fact]
    public void Report_AsJson_HasTheDesignedKeys()
    {
        ComparisonReport report =
            ModelComparer.Compare(Request(perLayer: "yes", ComparisonModels.TwoLayers(2, 1, 0, 0, 1)));

        JsonElement root = JsonSerializer.SerializeToElement(report, Json);

        Assert.Equal(SyntheticInputSource.DefaultSamples, root.GetProperty("samples").GetInt64());
        string[] outputKeys = [.. root.GetProperty("outputs")[0].EnumerateObject().Select(property => property.Name)];
        Assert.Equal(
            ["name", "max_abs", "mean_abs", "relative_l2", "snr_db", "cosine", "top1_agreement", "kl"],
            outputKeys[..8]);
        string[] layerKeys = [.. root.GetProperty("layers")[0].EnumerateObject().Select(property => property.Name)];
        Assert.Subset(layerKeys.ToHashSet(), new HashSet<string> { "name", "relative_l2", "snr_db" });
        Assert.Equal(JsonValueKind.Null, root.GetProperty("task").ValueKind);
        Assert.False(root.TryGetProperty("statistics", out _));
    }

    [Fact]
    public void Report_OfIdenticalModels_IsValidJsonAndSaysIdentical()
    {
        ComparisonReport report =
            ModelComparer.Compare(Request(perLayer: "yes", ComparisonModels.TwoLayers(1, 1, 0, 0, 1)));

        JsonElement output = JsonSerializer.SerializeToElement(report, Json).GetProperty("outputs")[0];

        Assert.True(output.GetProperty("identical").GetBoolean());
        Assert.Equal(JsonValueKind.Null, output.GetProperty("snr_db").ValueKind);
        Assert.Equal(0, output.GetProperty("relative_l2").GetDouble());
    }

    [Fact]
    public void Compare_ModelThatMakesNaN_Fails()
    {
        ComparisonReport report =
            ModelComparer.Compare(Request(perLayer: null, ComparisonModels.TwoLayers(1, float.NaN, 0, 0, 1)));

        Assert.StartsWith("FLAT0761", Assert.Single(report.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_ModelThatGivesZeros_Fails()
    {
        ComparisonReport report =
            ModelComparer.Compare(Request(perLayer: null, ComparisonModels.TwoLayers(0, 1, 0, 0, 1)));

        Assert.StartsWith("FLAT0763", Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.True(report.Outputs[0].AllZeroConverted);
    }

    [Fact]
    public void Compare_WithLabels_ReportsAccuracyOfBoth()
    {
        string inputs = _folder.WriteNpz(
            "test.npz",
            ("x", ComparisonModels.Singles([4, 2], 2, 1, 1, 2, 3, 2, 1, 1.2f)),
            ("labels", ComparisonModels.Int64s([4], 0, 1, 0, -1)));
        ComparisonReport report = ModelComparer.Compare(
            Request(perLayer: null, ComparisonModels.TwoLayers(1, 1, 0, 3, 1))
                with { Inputs = InputSources.Open(inputs) });

        Assert.Equal(4, report.Samples);
        Assert.Equal(1, report.Runs);
        Assert.Equal("accuracy", report.Task!.Metric);
        Assert.Equal("scores", report.Task.Output);
        Assert.Equal(3, report.Task.Samples);
        Assert.Equal(1, report.Task.Original);

        // Scores of the other model are (x0 + 3 x1, x1): class 0 always, right for two of the three labels.
        Assert.Equal(2 / 3.0, report.Task.Converted!.Value, 1e-12);
        // The scores of a right answer are one above the other's.
        Assert.Equal(Math.Log(1 + Math.Exp(-1)), report.Task.NllOriginal!.Value, 1e-6);
        Assert.Single(Assert.Single(FailCondition.Parse("accuracy_drop>10%")).Check(report));
    }

    [Fact]
    public void Compare_WithTargets_ReportsSnrOfBoth()
    {
        string inputs = _folder.WriteNpz(
            "test.npz",
            ("x", ComparisonModels.Singles([1, 2], 3, 4)),
            ("labels", ComparisonModels.Singles([1, 2], 3, 5)));
        ComparisonReport report = ModelComparer.Compare(
            Request(perLayer: null, ComparisonModels.TwoLayers(2, 1, 0, 0, 1))
                with { Inputs = InputSources.Open(inputs) });

        // Errors (0, 1) and (3, 3) against a target of squared norm 34.
        Assert.Equal("snr_db", report.Task!.Metric);
        Assert.Equal(10 * Math.Log10(34), report.Task.Original!.Value, 1e-6);
        Assert.Equal(10 * Math.Log10(34 / 18.0), report.Task.Converted!.Value, 1e-6);
    }

    [Theory]
    [InlineData(new long[] { 3 })]
    [InlineData(new long[] { 4, 3 })]
    public void Compare_WithLabelsOfWrongShape_IsRefused(long[] shape)
    {
        string inputs = _folder.WriteNpz(
            "test.npz",
            ("x", ComparisonModels.Singles([4, 2], 1, 0, 0, 1, 2, 1, 1, 1)),
            ("labels", ComparisonModels.Int64s(
                shape, new long[shape.Aggregate(1L, (product, size) => product * size)])));

        Assert.Throws<UsageException>(() => ModelComparer.Compare(
            Request(perLayer: null, ComparisonModels.TwoLayers(1, 1, 0, 3, 1))
                with { Inputs = InputSources.Open(inputs) }));
    }

    [Fact]
    public void Compare_WithLabelBeyondClasses_IsRefused()
    {
        string inputs = _folder.WriteNpz(
            "test.npz", ("x", ComparisonModels.Singles([1, 2], 1, 0)), ("labels", ComparisonModels.Int64s([1], 2)));

        UsageException exception = Assert.Throws<UsageException>(() => ModelComparer.Compare(
            Request(perLayer: null, ComparisonModels.TwoLayers(1, 1, 0, 3, 1))
                with { Inputs = InputSources.Open(inputs) }));

        Assert.StartsWith("FLAT0743", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PerLayer_OfModelsWithExternalData_WorksAndLeavesNoFile()
    {
        SaveOptions external = new() { ExternalData = ExternalDataPolicy.SideFile, SideFileThreshold = 1 };
        OnnxModelFile.Save(new OnnxModel(ComparisonModels.TwoLayers(1, 1, 0, 0, 1)), _folder["a.onnx"], external);
        OnnxModelFile.Save(new OnnxModel(ComparisonModels.TwoLayers(1.5f, 1, 0, 0, 1)), _folder["b.onnx"], external);
        string[] before = _folder.Names;
        Assert.Equal(4, before.Length);

        ComparisonReport report = ModelComparer.Compare(
            new ComparisonRequest { Original = _folder["a.onnx"], Converted = _folder["b.onnx"], PerLayer = true });

        Assert.Equal(0.5, Assert.Single(report.Layers).RelativeL2!.Value, 1e-6);
        Assert.Equal(before, _folder.Names);
    }

    [Fact]
    public void Compare_ModelsOfDifferentOutputs_IsRefused()
    {
        ModelProto other = ComparisonModels.TwoLayers(1, 1, 0, 0, 1);
        other.Graph.Node[1].Output[0] = "renamed";
        other.Graph.Output[0].Name = "renamed";

        UsageException exception =
            Assert.Throws<UsageException>(() => ModelComparer.Compare(Request(perLayer: null, other)));

        Assert.Contains("'scores'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_WithMissingLibrary_IsRefused()
    {
        UsageException exception = Assert.Throws<UsageException>(() => ModelComparer.Compare(
            Request(perLayer: null, ComparisonModels.TwoLayers(1, 1, 0, 0, 1))
                with { CustomOpsLibrary = _folder["none.so"] }));

        Assert.StartsWith("FLAT0703", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_WithFileThatIsNoLibrary_EndsInOneSentence()
    {
        File.WriteAllText(_folder["bad.so"], "no library");

        OnnxModelException exception = Assert.Throws<OnnxModelException>(() => ModelComparer.Compare(
            Request(perLayer: null, ComparisonModels.TwoLayers(1, 1, 0, 0, 1))
                with { CustomOpsLibrary = _folder["bad.so"] }));

        Assert.StartsWith("FLAT0701", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Compare_ModelThatOnnxRuntimeRefuses_EndsInOneSentence()
    {
        ModelProto other = ComparisonModels.TwoLayers(1, 1, 0, 0, 1);
        other.Graph.Node[1].OpType = "NoSuchOperator";

        OnnxModelException exception =
            Assert.Throws<OnnxModelException>(() => ModelComparer.Compare(Request(perLayer: null, other)));

        Assert.StartsWith("FLAT0701", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1.5f, false)]
    [InlineData(float.NaN, false)]
    public void Agreement_OfTwoModels_IsWorstRelativeDistance(float scale, bool agrees)
    {
        using ModelRunner one = ModelRunner.Open(TestModels.Bytes(ComparisonModels.TwoLayers(1, 1, 0, 0, 1)), "one");
        using ModelRunner other =
            ModelRunner.Open(TestModels.Bytes(ComparisonModels.TwoLayers(scale, 1, 0, 0, 1)), "other");
        PreparedInputs inputs =
            new SyntheticInputSource(new OnnxModel(ComparisonModels.TwoLayers(1, 1, 0, 0, 1))).Prepare(one);

        AgreementReport report = Agreement.Measure(one, other, inputs.Samples);

        Assert.Equal(agrees, report.IsWithin(5e-5));
        Assert.Equal("scores", report.Output);
        Assert.Equal(float.IsNaN(scale) ? double.PositiveInfinity : scale - 1, report.RelativeL2, 1e-6);
    }

    [SharedTheory]
    [InlineData("magika_standard_v3_3.onnx")]
    [InlineData("stories260K_llama.onnx")]
    [InlineData("silero_vad_v5.onnx")]
    [InlineData("gtcrn_simple.onnx")]
    [InlineData("squeezenet_fp16.onnx")]
    public void PerLayer_OfRealModelWithItself_FindsNoDifference(string name)
    {
        string path = SharedModels.PathOf(name);
        SyntheticInputSource inputs = new(OnnxModelFile.Load(path)) { Limit = 1 };

        ComparisonReport report = ModelComparer.Compare(
            new ComparisonRequest { Original = path, Converted = path, PerLayer = true, Inputs = inputs, Threads = 1 });

        Assert.Empty(report.Failures);
        Assert.All(report.Outputs, output => Assert.True(output.Identical));
        Assert.All(report.Layers, layer => Assert.True(layer.RelativeL2 == 0, layer.Name));

        // Silero's layers are inside an If.
        Assert.True(report.Layers.Count > 10 || name.StartsWith("silero", StringComparison.Ordinal));
    }

    private ComparisonRequest Request(string? perLayer, ModelProto converted) => new()
    {
        Original = _folder.Write("a.onnx", ComparisonModels.TwoLayers(1, 1, 0, 0, 1)),
        Converted = _folder.Write("b.onnx", converted),
        PerLayer = perLayer is not null,
    };
}

using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using Google.Protobuf;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Files in, files out: what a conversion writes and what it refuses to.</summary>
public sealed class ConversionJobTests : IDisposable
{
    private const int Size = 96;
    private static readonly ConvertOptions Options =
        new() { Plan = new UniformCodesPlan { Bits = 4 }, MinSize = 512, Description = "--bits 4" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_GoodModel_WritesASmallerFileOfTheReportedSize()
    {
        (string input, string output) = (_folder.Write("a.onnx", Model(3).Proto), _folder["b.onnx"]);

        ConversionReport report = Run(input, output).Report;

        Assert.Equal(new FileInfo(input).Length, report.InputBytes);
        Assert.Equal(new FileInfo(output).Length, report.OutputBytes);
        Assert.True(report.OutputBytes < report.InputBytes / 4, $"{report.OutputBytes} of {report.InputBytes} bytes");
        Assert.Equal((3, 0), (report.Converted, report.Skipped));
        Assert.Equal(
            report.Weights.Sum(weight => weight.StoredBytes) * 8.0 / (3 * Size * Size), report.BitsPerWeight, 1e-9);
        Assert.All(
            report.Weights,
            weight => Assert.Equal(8.0 * weight.StoredBytes / (Size * Size), weight.BitsPerWeight, 1e-9));
        Assert.All(report.Weights, weight => Assert.Equal(4L * Size * Size, weight.OriginalBytes));
    }

    [Fact]
    public void Run_StoredBytes_AreTheBytesOfTheTensors()
    {
        string input = _folder.Write("a.onnx", Model(1).Proto);

        ConversionReport report = Run(input, _folder["b.onnx"]).Report;

        ModelProto written = OnnxModelFile.Load(_folder["b.onnx"]).Proto;
        Assert.Equal(
            written.Graph.Initializer.Sum(tensor => TensorInfo.Of(tensor).ByteLength),
            report.Weights.Single().StoredBytes);
    }

    [Fact]
    public void Run_AnyThreadsAndAgain_WritesTheSameBytes()
    {
        string input = _folder.Write("a.onnx", Model(7).Proto);
        int run = 0;
        byte[][] files = [.. new[] { 1, 4, 4, 1 }.Select(threads =>
        {
            string output = _folder[$"{run++}.onnx"];
            Run(input, output, Options with { Threads = threads });
            return File.ReadAllBytes(output);
        })];

        Assert.All(files, file => Assert.Equal(files[0], file));
    }

    [Fact]
    public void Run_MetricWithAnyThreads_WritesTheSameBytes()
    {
        string input = _folder.Write("a.onnx", Model(4).Proto);
        ConvertOptions riem = Options
            with {
                Plan = new RiemPlan { StateDim = 6, Shifts = 2, Width = 2, Seconds = 0.1 },
                Seed = 5 };
        Run(input, _folder["1.onnx"], riem with { Threads = 1 });
        Run(input, _folder["4.onnx"], riem with { Threads = 4 });

        Assert.Equal(File.ReadAllBytes(_folder["1.onnx"]), File.ReadAllBytes(_folder["4.onnx"]));
    }

    [Fact]
    public void Run_ExternalData_ConvertsAndTheResultRuns()
    {
        ModelBuilder builder = Model(3);
        OnnxModelFile.Save(
            builder.Model,
            _folder["a.onnx"],
            new SaveOptions { ExternalData = ExternalDataPolicy.SideFile, SideFileThreshold = 16 });
        Assert.True(File.Exists(_folder["a.onnx.data"]), "the original has external data");

        ConversionReport report = Run(_folder["a.onnx"], _folder["b.onnx"]).Report;

        Assert.Equal(3, report.Converted);
        Assert.Equal(new FileInfo(_folder["a.onnx"]).Length + (3L * 4 * Size * Size), report.InputBytes);
        Assert.Equal(
            new FileInfo(_folder["b.onnx"]).Length
                + (File.Exists(_folder["b.onnx.data"]) ? new FileInfo(_folder["b.onnx.data"]).Length : 0),
            report.OutputBytes);
        foreach (string? library in (string?[])[null, OrtRun.Library])
        {
            Onnx.Evaluation.Comparison.ComparisonReport compared = Onnx.Evaluation.Comparison.ModelComparer.Compare(
                new Onnx.Evaluation.Comparison.ComparisonRequest { Original = _folder["a.onnx"],
                    Converted = _folder["b.onnx"],
                    CustomOpsLibrary = library });
            Assert.Empty(compared.Failures);
            Assert.True(compared.Outputs[0].RelativeL2 < 0.3, $"relative L2 {compared.Outputs[0].RelativeL2}");
        }
    }

    [Fact]
    public void Run_ExternalWeightThatStays_GoesIntoTheNewSideFile()
    {
        ModelBuilder builder = Model(2)
            .Weight("table", DataType.Float, 64, Size)
            .Integers("ids", 5, 3)
            .Node("Gather", ["table", "ids"], "g")
            .Output("g");
        OnnxModelFile.Save(
            builder.Model, _folder["a.onnx"], new SaveOptions { ExternalData = ExternalDataPolicy.SideFile });

        ConversionReport report =
            Run(_folder["a.onnx"], _folder["b.onnx"], ConversionCheck.Options with { Exclude = new("table") }).Report;

        File.Delete(_folder["a.onnx.data"]);
        Assert.Equal(["a.onnx", "b.onnx", "b.onnx.data"], _folder.Names);
        Assert.Equal(
            new FileInfo(_folder["b.onnx"]).Length + new FileInfo(_folder["b.onnx.data"]).Length, report.OutputBytes);
        Assert.Equal((2, 1), (report.Converted, report.Skipped));
        OnnxModel written = OnnxModelFile.Load(_folder["b.onnx"]);
        Assert.Equal(
            builder.Model.Tensors.ReadSingles(builder.Graph.Initializer.Single(tensor => tensor.Name == "table")),
            written.Tensors.ReadSingles(written.Proto.Graph.Initializer.Single(tensor => tensor.Name == "table")));
        using Onnx.Evaluation.Comparison.ModelRunner runner =
            Onnx.Evaluation.Comparison.ModelRunner.Open(_folder["b.onnx"]);
        Assert.Equal([2, Size], runner.Run(builder.Feeds)["g"].Shape.ToArray());
    }

    [Fact]
    public void Run_ExternalDataIsMissing_IsRefusedAndWritesNothing()
    {
        OnnxModelFile.Save(
            Model(2).Model, _folder["a.onnx"], new SaveOptions { ExternalData = ExternalDataPolicy.SideFile });
        File.Delete(_folder["a.onnx.data"]);

        OnnxModelException refused = Assert.Throws<OnnxModelException>(() => Run(_folder["a.onnx"], _folder["b.onnx"]));

        Assert.Contains("a.onnx.data", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["a.onnx"], _folder.Names);
    }

    [Fact]
    public void Run_Metadata_SaysVersionOptionsAndWeights()
    {
        ModelProto original = Model(1).Proto;
        original.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "a test" });

        Run(_folder.Write("a.onnx", original), _folder["b.onnx"]);

        Dictionary<string, string> metadata = OnnxModelFile.Load(_folder["b.onnx"]).Proto.MetadataProps.ToDictionary(
            entry => entry.Key, entry => entry.Value);
        Assert.Equal("a test", metadata["author"]);
        Assert.Equal("--bits 4", metadata["flat_onnx.options"]);
        Assert.Matches("^\\d+\\.\\d+\\.\\d+$", metadata["flat_onnx.version"]);
        Assert.Contains("\"W0\"", metadata["flat_onnx.weights"], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_UnknownFields_Survive()
    {
        const int Field = 1999;
        byte[] mark = "kept"u8.ToArray();
        ModelProto model = Model(1).Proto;
        byte[] bytes;
        using (MemoryStream stream = new())
        {
            using (CodedOutputStream output = new(stream, leaveOpen: true))
            {
                model.Graph.Node.Add(
                    NodeProto.Parser.ParseFrom(Marked(TestModels.Node("Relu", ["y"], ["z"]).ToByteArray())));
                model.Graph.Output.Add(ModelBuilder.Value("z", DataType.Float));
                model.WriteTo(output);
                output.WriteTag(Field, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(mark));
            }

            bytes = stream.ToArray();
        }

        File.WriteAllBytes(_folder["a.onnx"], bytes);
        Run(_folder["a.onnx"], _folder["b.onnx"]);

        Assert.Equal(Count(bytes), Count(File.ReadAllBytes(_folder["b.onnx"])));
        Assert.Equal(2, Count(bytes));

        byte[] Marked(byte[] message)
        {
            using MemoryStream stream = new();
            stream.Write(message);
            using (CodedOutputStream output = new(stream, leaveOpen: true))
            {
                output.WriteTag(Field, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(mark));
            }

            return stream.ToArray();
        }

        int Count(byte[] file) =>
            Enumerable.Range(0, file.Length - mark.Length + 1)
                .Count(i => file.AsSpan(i, mark.Length).SequenceEqual(mark));
    }

    [Fact]
    public void Run_ConvertedModel_IsRefused()
    {
        string input = _folder.Write("a.onnx", Model(1).Proto);
        Run(input, _folder["b.onnx"]);

        UsageException refused = Assert.Throws<UsageException>(() => Run(_folder["b.onnx"], _folder["c.onnx"]));

        Assert.StartsWith("FLAT0501", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["c.onnx"]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Run_WeightNotFinite_StaysWithTheReasonAndTheRestIsConverted(float bad)
    {
        ModelProto model = Model(2).Proto;
        float[] values = new float[Size * Size];
        values[(3 * Size) + 5] = bad;
        model.Graph.Initializer[1] = TensorWriter.Float32("W1", [Size, Size], values);

        string input = _folder.Write("a.onnx", model);
        PlanTarget?[] targets = [null, new PlanTarget(TargetKind.Bits, 4), new PlanTarget(TargetKind.Error, 0.02)];
        foreach (PlanTarget? target in targets)
        {
            ConversionReport report = Run(input, _folder["b.onnx"], Options with { Target = target }).Report;
            WeightReport left = report.Weights.Single(weight => weight.Name == "W1");

            Assert.Equal(1, report.Converted);
            Assert.True(left.Faulty);
            Assert.Contains("row 3, column 5", left.SkippedReason, StringComparison.Ordinal);
            Assert.True(report.Target?.Met ?? true, "a weight that cannot be converted is no part of the plan");
            OnnxModel written = OnnxModelFile.Load(_folder["b.onnx"]);
            Assert.Equal(
                values,
                written.Tensors.ReadSingles(written.Proto.Graph.Initializer.Single(tensor => tensor.Name == "W1")));
            File.Delete(_folder["b.onnx"]);
        }
    }

    [Fact]
    public void Run_WeightNotFiniteButExcluded_ConvertsTheRest()
    {
        ModelProto model = Model(2).Proto;
        model.Graph.Initializer[1] =
            TensorWriter.Float32("W1", [Size, Size], [.. Enumerable.Repeat(float.NaN, Size * Size)]);

        Assert.Equal(
            1,
            Run(
                _folder.Write("a.onnx", model),
                _folder["b.onnx"],
                Options with { Exclude = new("W1") }).Report.Converted);
    }

    [Fact]
    public void Run_ResultWouldBeLarger_WritesNothing()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, 24)
            .Weight("W", DataType.Float, 24, 24)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y");

        UsageException refused =
            Assert.Throws<UsageException>(() => Run(_folder.Write("a.onnx", builder.Proto), _folder["b.onnx"]));

        Assert.StartsWith("FLAT0505", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["a.onnx"], _folder.Names);
    }

    [Fact]
    public void Run_NothingToConvert_WritesNothing()
    {
        (ConversionReport report, _) = Run(_folder.Write("a.onnx", TestModels.Identity()), _folder["b.onnx"]);

        Assert.Equal(0, report.Converted);
        Assert.Equal(report.InputBytes, report.OutputBytes);
        Assert.Equal(["a.onnx"], _folder.Names);
    }

    [Fact]
    public void Run_DryRun_ReportsTheSizeAndWritesNothing()
    {
        string input = _folder.Write("a.onnx", Model(2).Proto);

        (ConversionReport dry, _) = ConversionJob.Run(input, _folder["b.onnx"], Options, ConversionTarget.DryRun);

        Assert.Equal(["a.onnx"], _folder.Names);
        Assert.True(dry.DryRun, "the report says that it was a dry run");
        Assert.Equal(dry.OutputBytes, Run(input, _folder["b.onnx"]).Report.OutputBytes);
    }

    [Theory]
    [InlineData(HessianMode.Auto)]
    [InlineData(HessianMode.Synthetic)]
    public void Run_SecondMomentsWithoutRuns_IsRefusedWithWhatToSet(HessianMode mode)
    {
        string input = _folder.Write("a.onnx", Model(1).Proto);

        UsageException refused =
            Assert.Throws<UsageException>(() => Run(input, _folder["b.onnx"], Options with { Hessian = mode }));

        Assert.Contains("FLAT0514", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["a.onnx"], _folder.Names);
    }

    [Fact]
    public void Run_TargetExists_IsRefusedUnlessOverwritten()
    {
        string input = _folder.Write("a.onnx", Model(1).Proto);
        File.WriteAllText(_folder["b.onnx"], "old");

        OnnxModelException refused = Assert.Throws<OnnxModelException>(() => Run(input, _folder["b.onnx"]));
        Assert.Contains("b.onnx", refused.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(_folder["b.onnx"]));

        ConversionJob.Run(input, _folder["b.onnx"], Options, ConversionTarget.Overwrite);
        Assert.Equal(
            1, OnnxModelFile.Load(_folder["b.onnx"]).Proto.Graph.Node.Count(node => node.OpType == "DynMatMul"));
    }

    [Fact]
    public void Run_OntoItsInput_IsRefused()
    {
        string input = _folder.Write("a.onnx", Model(1).Proto);
        byte[] before = File.ReadAllBytes(input);

        Assert.StartsWith(
            "FLAT0508",
            Assert.Throws<UsageException>(
                () => ConversionJob.Run(input, input, Options, ConversionTarget.Overwrite)).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(input));
    }

    [Fact]
    public void Run_Cancelled_WritesNothing()
    {
        string input = _folder.Write("a.onnx", Model(2).Proto);
        using CancellationTokenSource source = new();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(
            () => ConversionJob.Run(input, _folder["b.onnx"], Options, ConversionTarget.New, null, source.Token));
        Assert.Equal(["a.onnx"], _folder.Names);
    }

    [Fact]
    public void Convert_Model_LeavesTheOriginalAsItWas()
    {
        OnnxModel original = Model(2).Model;
        ModelProto before = original.Proto.Clone();

        ModelConverter.Convert(original, Options);

        Assert.Equal(before, original.Proto);
    }

    private static (ConversionReport Report, IReadOnlyList<string> Notes) Run(
        string input, string output, ConvertOptions? options = null) =>
        ConversionJob.Run(input, output, options ?? Options, ConversionTarget.New);

    /// <summary>A chain of products.</summary>
    private static ModelBuilder Model(int layers)
    {
        ModelBuilder builder = new ModelBuilder().Input("h0", DataType.Float, 3, Size);
        for (int layer = 0; layer < layers; layer++)
        {
            builder.Weight($"W{layer}", DataType.Float, Size, Size);
            builder.Node("MatMul", [$"h{layer}", $"W{layer}"], layer == layers - 1 ? "y" : $"h{layer + 1}");
        }

        return builder.Output("y");
    }
}

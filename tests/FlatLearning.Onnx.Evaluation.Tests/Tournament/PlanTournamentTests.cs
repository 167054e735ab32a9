using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Divergences;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Onnx.Tournament;
using FlatLearning.Testing;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Tournament;

/// <summary>Outputs decide, and no plan is worse than codes of one width that store as much.</summary>
public sealed class PlanTournamentTests : IDisposable
{
    /// <summary>Inputs that neither fits nor the tournament have seen.</summary>
    private const int OtherSeed = 1000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Plan_WithTheBitsOfPlainCodes_IsNotWorse(int bits) =>
        Check(Path.Combine(Repository.Root, "models", "lenet5", "lenet5.onnx"), bits);

    [SharedTheory]
    [Trait("Set", "Long")]
    [InlineData("stories260K_llama.onnx")]
    [InlineData("misaki_bart_us.onnx")]
    [InlineData("magika_standard_v3_3.onnx")]
    [InlineData("gpt_nano_sort.onnx")]
    [InlineData("asap_dec_loco.onnx")]
    [InlineData("mjp_g1.onnx")]
    [InlineData("dtln_1.onnx")]
    [InlineData("ideeplc.onnx")]
    public void Plan_OfRealModels_WithTheBitsOfPlainCodes_IsNotWorse(string name)
    {
        for (int bits = 2; bits <= 6; bits++)
        {
            Check(Path.Combine(Repository.Shared!, "models", name), bits);
        }
    }

    [Fact]
    public void Plan_OfAChain_SaysWhichWayWonOnWhatInputs()
    {
        OnnxModel model = Saved(Chain("MatMul"));
        ConvertedModel converted = ModelConverter.Convert(model, Options(new PlanTarget(TargetKind.Bits, 4)));

        TournamentReport report = converted.Tournament!;
        Assert.True(converted.Target!.Met);
        Assert.Equal("relative_error", report.Measure);
        Assert.Equal(report.Winner, report.Candidates[0].Name);
        Assert.Contains(report.Candidates, candidate => candidate.Name == "plain codes");
        Assert.All(report.Candidates, candidate => Assert.True(candidate.Loss >= report.Candidates[0].Loss));
        Assert.All(report.Candidates, candidate => Assert.InRange(candidate.BitsPerWeight, 0.1, 4.0001));
        Assert.Equal((0, 0), (report.Candidates[0].LossLow!.Value, report.Candidates[0].LossHigh!.Value));
        Assert.Contains("made-up signals", report.Inputs, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_IsTheSameForAnyNumberOfThreads()
    {
        OnnxModel model = Saved(Chain("MatMul"));
        byte[][] files = [.. new[] { 1, 3 }.Select(threads => OnnxModelFile.ToBytes(
            ModelConverter.Convert(
                model, Options(new PlanTarget(TargetKind.Bits, 3)) with { Threads = threads }).Model))];
        Assert.Equal(files[0], files[1]);
    }

    [Fact]
    public void Plan_OfAModelThatCannotBeRun_FollowsThePriorAndSaysSo()
    {
        ModelProto proto = Chain("MatMul");
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "example.unknown", Version = 1 });
        NodeProto node = TestModels.Node("Unknown", ["v3"], ["y"]);
        node.Domain = "example.unknown";
        proto.Graph.Node.Add(node);
        proto.Graph.Output[0].Name = "y";

        ConvertedModel converted =
            ModelConverter.Convert(Saved(proto), Options(new PlanTarget(TargetKind.Bits, 4)));

        Assert.Null(converted.Tournament);
        Assert.True(converted.Target!.Met);
        Assert.Contains(converted.Notes, note => note.Contains("cannot be run", StringComparison.Ordinal));
    }

    [Fact]
    public void LayerAfterLayer_LosesLessThanFitsByThemselves()
    {
        OnnxModel model = Saved(Chain("MatMul"));
        TournamentReport report =
            ModelConverter.Convert(model, Options(new PlanTarget(TargetKind.Bits, 3.5))).Tournament!;
        ILookup<bool, double> losses = report.Candidates.ToLookup(
            candidate => candidate.Name.EndsWith("layer after layer", StringComparison.Ordinal),
            candidate => candidate.Loss!.Value);
        Assert.True(
            losses[true].Min() < losses[false].Min(),
            $"{losses[true].Min()} layer after layer, {losses[false].Min()} by themselves");
    }

    private static ConvertOptions Options(PlanTarget target) => new()
    {
        Target = target,
        Tournament = true,
        Search = new PlanRequest { Effort = FitEffort.Fast },
        Runs = OnnxRuntimeRuns.Instance,
    };

    private static void Check(string path, int bits)
    {
        OnnxModel original = OnnxModelFile.Load(path);
        ConvertedModel plain = ModelConverter.Convert(
            original, new ConvertOptions { Plan = new UniformCodesPlan { Bits = bits },
                DensePlan = new UniformCodesPlan { Bits = bits } });
        double stored = 8 * plain.Weights.Where(weight => weight.SkippedReason is null)
            .Sum(weight => (double)weight.StoredBytes) / plain.Weights.Where(weight => weight.SkippedReason is null)
            .Sum(weight => (double)weight.Shape.Aggregate(1L, (product, size) => product * size));
        ConvertedModel planned = ModelConverter.Convert(original, Options(new PlanTarget(TargetKind.Bits, stored)));

        using ModelRunner runner = ModelRunner.Open(path);
        ModelInputs inputs = new(original, runner, OtherSeed);
        OutputJudge judge = OutputJudge.Open(
            runner, inputs.Make(OtherSeed, 1, 1 << 18, default), inputs.Description, inputs.Scores, default)!;
        (Divergence first, Divergence second) = (Of(planned), Of(plain));
        PairedInterval over = PairedInterval.Of(first.Parts, second.Parts);
        Assert.True(over.Low <= 0, $"{bits} bits: {first.Loss} against {second.Loss}, {over.Low} more at least");

        Divergence Of(ConvertedModel converted) => judge.Of(ModelRestorer.Restore(converted.Model), default);
    }

    private OnnxModel Saved(ModelProto proto)
    {
        string path = _folder["model.onnx"];
        File.WriteAllBytes(path, Google.Protobuf.MessageExtensions.ToByteArray(proto));
        return OnnxModelFile.Load(path);
    }

    /// <summary>
    /// Three products of 64 x 64 weights, Tanh between them; the inputs of later ones are correlated.
    /// </summary>
    private static ModelProto Chain(string op)
    {
        const int Width = 64;
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(TestModels.Value("v0", DataType.Float, 8, Width));
        graph.Output.Add(TestModels.Value("v3", DataType.Float, 8, Width));
        for (int layer = 0; layer < 3; layer++)
        {
            Random random = new(layer);
            float[] weight = [.. Enumerable.Range(0, Width * Width).Select(
                i => (float)((random.NextDouble() - 0.5) * (i % Width < 8 ? 1 : 0.1)))];
            graph.Initializer.Add(TensorWriter.Float32($"W{layer}", [Width, Width], weight));
            graph.Node.Add(TestModels.Node(op, [$"v{layer}", $"W{layer}"], [$"p{layer}"]));
            graph.Node.Add(TestModels.Node("Tanh", [$"p{layer}"], [$"v{layer + 1}"]));
        }

        return TestModels.Model(graph);
    }
}

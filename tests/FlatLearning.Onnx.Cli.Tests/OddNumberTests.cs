using System.Text.Json;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>Weights whose numbers cannot be represented stay, with the reason, and the others are converted.</summary>
public sealed class OddNumberTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public async Task Convert_OneNumberThatIsNotFinite_LeavesThatWeightAndIsStatus3(float bad)
    {
        string input = _folder.Write("net.onnx", Changed((i, value) => i == 70 ? bad : value));
        string[][] asked = [
            [], ["--dry-run"], ["--bits", "4"], ["--target-size", "90%"], ["--target-error", "0.1"], ["--quiet"],
            ["--storage", "entropy"], ["--hessian", "auto"]];
        foreach (string[] options in asked)
        {
            CliResult result = await Tool.RunAsync(
                ["convert", input, "--json", "--overwrite", "--no-portable", .. options]);

            Assert.True(result.Status == 3, $"status {result.Status}: {result.Error}");
            Assert.Contains(
                result.ErrorLines, line => line.Contains("FLAT0934", StringComparison.Ordinal)
                    && line.Contains($"'{Networks.FirstWeight}'", StringComparison.Ordinal));
            JsonElement left = result.Json.GetProperty("weights")[0];
            Assert.True(left.GetProperty("faulty").GetBoolean());
            Assert.Contains(
                "row 1, column 6", left.GetProperty("skipped_reason").GetString(), StringComparison.Ordinal);
            Assert.Equal(1, result.Json.GetProperty("converted").GetInt32());
        }

        (await Tool.RunAsync("convert", input, "--overwrite", "--exclude", Networks.FirstWeight)).AssertDone();
    }

    [Fact]
    public async Task Convert_NoWeightIsFinite_IsStatus2AndWritesNothing()
    {
        ModelProto model = Changed((_, _) => float.NaN);
        model.Graph.Initializer[1] = TensorWriter.Float32(
            Networks.SecondWeight, [Networks.Width, Networks.Classes],
            new float[Networks.Width * Networks.Classes].Select(_ => float.NaN).ToArray());
        string input = _folder.Write("net.onnx", model);
        foreach (string[] options in (string[][])[[], ["--bits", "4"], ["--target-size", "50%"]])
        {
            CliResult result = await Tool.RunAsync(["convert", input, .. options]);
            result.AssertRefused("FLAT0901");
            Assert.Contains("NaN at row 0", result.Out, StringComparison.Ordinal);
        }

        Assert.Equal(["net.onnx"], _folder.Names);
    }

    [Fact]
    public async Task Convert_NothingThatCouldBeListed_DoesNotSpeakOfAList()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(TestModels.Value("x", DataType.Float, 1, 4));
        graph.Output.Add(TestModels.Value("y", DataType.Float, 1, 4));
        graph.Node.Add(TestModels.Node("Relu", ["x"], ["y"]));
        string input = _folder.Write("net.onnx", TestModels.Model(graph));

        CliResult result = await Tool.RunAsync("convert", input);

        result.AssertRefused("FLAT0901", "no floating-point constant");
        Assert.DoesNotContain("summary", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-6f, "too small for float16")]
    [InlineData(1e-3f, null)]
    [InlineData(1f, null)]
    public async Task Convert_NumbersNearTheLeastOfFloat16_VerifyOrStayWithTheReason(float scale, string? reason)
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(TestModels.Value("x", DataType.Float16, 1, Networks.Width));
        graph.Output.Add(TestModels.Value("y", DataType.Float16, 1, Networks.Width));
        Random random = new(4);
        foreach ((string name, float size) in ((string, float)[])[("W1", scale), ("W2", 1)])
        {
            float[] values = [
                .. Enumerable.Range(0, Networks.Width * Networks.Width)
                    .Select(_ => 0.2f * size * (random.NextSingle() - 0.5f))];
            graph.Initializer.Add(
                TensorWriter.Real(name, DataType.Float16, [Networks.Width, Networks.Width], values));
        }

        graph.Node.Add(TestModels.Node("MatMul", ["x", "W1"], ["a"]));
        graph.Node.Add(TestModels.Node("MatMul", ["x", "W2"], ["b"]));
        graph.Node.Add(TestModels.Node("Add", ["a", "b"], ["y"]));
        string input = _folder.Write("net.onnx", TestModels.Model(graph));

        CliResult result = await Tool.RunAsync("convert", input, "--fast", "--verify", "--json");

        result.AssertDone();
        JsonElement skipped = result.Json.GetProperty("weights")[0].GetProperty("skipped_reason");
        if (reason is null)
        {
            Assert.Equal(JsonValueKind.Null, skipped.ValueKind);
        }
        else
        {
            Assert.Contains(reason, skipped.GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1e-33f)]
    [InlineData(1e-40f)]
    [InlineData(1e-44f)]
    public async Task Convert_NumbersNearTheLeastOfFloat32_LeavesThatWeightWithTheReason(float scale)
    {
        string input = _folder.Write("net.onnx", Changed((_, value) => value * scale));
        foreach (string storage in (string[])["packed", "entropy"])
        {
            CliResult result = (await Tool.RunAsync(
                "convert", input, "--storage", storage, "--json", "--overwrite", "--no-portable"))
                .AssertStatus(0);
            JsonElement left = result.Json.GetProperty("weights")[0];
            Assert.Contains("too small", left.GetProperty("skipped_reason").GetString(), StringComparison.Ordinal);
            Assert.False(left.GetProperty("faulty").GetBoolean());
            Assert.Equal(1, result.Json.GetProperty("converted").GetInt32());
        }
    }

    [Theory]
    [InlineData(1e-28f)]
    [InlineData(1e-12f)]
    [InlineData(1e12f)]
    [InlineData(1e30f)]
    public async Task Convert_NumbersOfAnyOtherMagnitude_AreRepresentedAsWellAsUsual(float scale)
    {
        const double Most = 0.01;
        string input = _folder.Write("net.onnx", Changed((_, value) => value * scale));
        string[][] asked = [["--code-bits", "4"], ["--storage", "entropy"]];
        foreach (string[] options in asked)
        {
            CliResult result = (await Tool.RunAsync(["convert", input, "--json", "--overwrite", .. options]))
                .AssertStatus(0);
            Assert.InRange(result.Json.GetProperty("weights")[0].GetProperty("error").GetDouble(), 0, Most);
        }
    }

    private static ModelProto Changed(Func<int, float, float> change)
    {
        ModelProto model = Networks.Small();
        TensorProto weight = model.Weight(Networks.FirstWeight);
        float[] values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(weight.RawData.Span).ToArray();
        model.Graph.Initializer[0] = TensorWriter.Float32(
            Networks.FirstWeight, [Networks.Width, Networks.Width], [.. values.Select((value, i) => change(i, value))]);
        return model;
    }
}

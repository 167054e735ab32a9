using System.Text.Json;
using System.Xml.Linq;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Cli.Tests;

public sealed class FitTests
{
    private static readonly string[] RowKeys = [
        "representation", "bits_per_weight", "error", "mean_abs_over_std", "parameters", "seconds", "status"];

    [Fact]
    public async Task Fit_Json_HasEveryKeyAndTrueNumbers()
    {
        using TemporaryFolder folder = new();
        string input = folder.WriteNormal("m.npy", 64, 48);
        JsonElement json = (await Tool.RunAsync(
            "fit", input, "--json", "--bits", "2,4", "--method", "codes", "--time-limit", "600")).AssertDone().Json;
        Assert.Equal([64, 48], json.GetProperty("shape").EnumerateArray().Select(number => number.GetInt32()));
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        Assert.All(
            rows,
            row => Assert.All(RowKeys, key => Assert.True(row.TryGetProperty(key, out _), $"there is no key '{key}'")));
        Assert.All(
            rows,
            row => Assert.Equal(
                8.0 * row.GetProperty("stored_bytes").GetInt64() / (64 * 48),
                row.GetProperty("bits_per_weight").GetDouble(),
                1e-9));
        Assert.Equal([2, 4], rows.Select(row => row.GetProperty("rate").GetDouble()).Distinct());
        Assert.Equal(2, rows.Count(row => row.GetProperty("best").GetBoolean()));
        Assert.Equal(2, json.GetProperty("conclusions").GetArrayLength());
        JsonElement codes = rows.Single(
            row => row.GetProperty("representation").GetString() == "codes 4 bits, 1 tap, column scales"
                || row.GetProperty("representation").GetString() == "codes 3 bits, 1 tap, column scales");
        // A scalar quantiser of Gaussian numbers with Lloyd-Max tables, 0.0095 at 4 bits and 0.0345 at 3, fitted to its
        // 3072 numbers.
        Assert.InRange(codes.GetProperty("error").GetDouble(), 0.006, 0.040);
    }

    [Fact]
    public async Task Fit_Text_GroupsByRateMarksTheBestAndConcludes()
    {
        using TemporaryFolder folder = new();
        CliResult result = (await Tool.RunAsync(
            "fit", folder.WriteNormal("m.npy", 64, 48), "--bits", "1,4", "--method", "codes", "--time-limit",
            "600")).AssertDone();
        string[] lines = result.Out.Split('\n');
        Assert.StartsWith($"{folder["m.npy"]}: float32 [64,48], fitted as 64 x 48", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            2,
            lines.Count(
                line => line.Contains(" * ", StringComparison.Ordinal)
                    && !line.Contains("error is", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.StartsWith("1 bit: ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("4 bits: ", StringComparison.Ordinal));
        string[] table = [
            .. lines.SkipWhile(line => !line.StartsWith("  rate", StringComparison.Ordinal))
                .TakeWhile(line => !line.StartsWith("1 bit", StringComparison.Ordinal))];
        Assert.All(table, line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public async Task Fit_MetricWithSizes_IsFittedWithThem()
    {
        using TemporaryFolder folder = new();
        string input = folder.WriteNormal("m.npy", 40, 32);
        JsonElement json = (await Tool.RunAsync(
            "fit", input, "--json", "--method", "riem", "--state-dim", "3", "--shifts", "2", "--width", "5",
            "--state-bits", "4", "--bits", "8", "--time-limit", "5", "--seed", "4")).AssertDone().Json;
        Assert.Contains(
            json.GetProperty("rows").EnumerateArray(),
            row => row.GetProperty("representation").GetString() == "riem d=3 R=2 M=5, 4-bit states");
    }

    [Fact]
    public async Task Fit_CheckGradients_ReportsEveryGroupOfEveryMetric()
    {
        using TemporaryFolder folder = new();
        string input = folder.WriteNormal("m.npy", 70, 33);
        JsonElement json = (await Tool.RunAsync(
            "fit", input, "--json", "--check-gradients", "--state-dim", "5", "--bits", "8", "--time-limit",
            "2")).AssertDone().Json;
        Dictionary<string, JsonElement> methods = json.GetProperty("gradients")
            .EnumerateArray()
            .ToDictionary(method => method.GetProperty("method").GetString()!);
        Assert.Equal(["dyn-inverse-l2", "dyn-l1", "dyn-l2", "riem"], methods.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((6, 2, 2, 0), (Groups("riem"), Groups("dyn-l2"), Groups("dyn-inverse-l2"), Groups("dyn-l1")));
        foreach (JsonElement group in methods.Values.SelectMany(
            method => method.GetProperty("groups").EnumerateArray()))
        {
            Assert.InRange(group.GetProperty("gradient_error").GetDouble(), 0, 1e-3);
            Assert.InRange(group.GetProperty("curvature_error").GetDouble(), 0, 1e-3);
        }

        CliResult text = (await Tool.RunAsync(
            "fit", input, "--check-gradients", "--method", "riem", "--state-dim", "5", "--bits", "8", "--time-limit",
            "2")).AssertDone();
        Assert.Equal(6, text.Out.Split('\n').Count(line => line.EndsWith(" agrees", StringComparison.Ordinal)));

        int Groups(string method) => methods[method].GetProperty("groups").GetArrayLength();
    }

    [Fact]
    public async Task Fit_Quiet_SaysNothing()
    {
        using TemporaryFolder folder = new();
        CliResult result = (await Tool.RunAsync(
            "fit", folder.WriteNormal("m.npy", 16, 16), "--quiet", "--bits", "3", "--method", "codes")).AssertDone();
        Assert.Equal(string.Empty, result.Out);
        Assert.Equal(string.Empty, result.Error);
    }

    [Fact]
    public async Task Fit_Initializer_AndItsTranspose()
    {
        using TemporaryFolder folder = new();
        string model = folder.Write("net.onnx", Networks.Small());
        JsonElement json = (await Tool.RunAsync(
            "fit", $"{model}::{Networks.SecondWeight}", "--transpose", "--json", "--bits", "3", "--method",
            "codes")).AssertDone().Json;
        Assert.Equal(
            [Networks.Classes, Networks.Width],
            json.GetProperty("shape").EnumerateArray().Select(number => number.GetInt32()));
        (await Tool.RunAsync("fit", model)).AssertRefused("2 matrices", "W1 [64,64]", "W2 [64,48]");
        (await Tool.RunAsync("fit", $"{model}::W9")).AssertRefused("'W9'", "W1 [64,64]");
    }

    [Fact]
    public async Task Fit_NotFinite_IsRefusedInOneSentence()
    {
        using TemporaryFolder folder = new();
        CliResult result = (await Tool.RunAsync(
            "fit",
            folder.WriteMatrix("m.npy", 4, 5, i => i == 7 ? float.NaN : i))).AssertRefused("NaN", "row 1, column 2");
        Assert.Equal(string.Empty, result.Out);
    }

    [Theory]
    [InlineData("svg")]
    [InlineData("html")]
    public async Task Fit_Plot_IsWrittenAndParses(string kind)
    {
        using TemporaryFolder folder = new();
        string input = folder.WriteNormal("m.npy", 32, 32);
        string[] line = ["fit", input, "--bits", "2,4", "--method", "codes", "--plot", folder[$"p.{kind}"]];
        (await Tool.RunAsync(line)).AssertDone();
        XElement root = XElement.Parse(
            File.ReadAllText(folder[$"p.{kind}"]).Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal));
        Assert.Contains("m.npy, 32 x 32", root.Value, StringComparison.Ordinal);
        Assert.Equal(["m.npy", $"p.{kind}"], folder.Names);
        (await Tool.RunAsync(line)).AssertRefused("exists already", "--plot");
        (await Tool.RunAsync([.. line, "--overwrite"])).AssertDone();
    }

    [Fact]
    public async Task Fit_Interrupted_Is130AndWritesNothing()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder temporary = new();
        string input = folder.WriteNormal("m.npy", 512, 512);
        using ToolProcess tool =
            ToolProcess.Start(temporary.Path, "fit", input, "--plot", folder["p.svg"], "--time-limit", "600");
        await tool.UntilAsync(() => tool.ProcessorTime > TimeSpan.FromSeconds(2), "it had fitted for a while");
        tool.Signal(ToolProcess.Interrupt);
        CliResult result = await tool.EndAsync();
        Assert.Equal(130, result.Status);
        Assert.Equal(string.Empty, result.Out);
        Assert.Equal(["m.npy"], folder.Names);
        result.AssertSentence("interrupted");
    }

    [Fact]
    public async Task Fit_ShortTime_EndsAndSaysWhatIsMissing()
    {
        using TemporaryFolder folder = new();
        CliResult result =
            (await Tool.RunAsync("fit", folder.WriteNormal("m.npy", 256, 256), "--time-limit", "0.01")).AssertDone();
        Assert.Contains("the time limit of 0.01 s left out or cut off", result.Out, StringComparison.Ordinal);
        Assert.Contains("time limit\n", result.Out, StringComparison.Ordinal);
    }

    /// <summary>A real weight: the 256x128 matrix of a robot's policy, transposed as the issue fits it.</summary>
    [SharedFact]
    public async Task Fit_RealMatrix_CodesBeatRoundingFromTwoToSixBits()
    {
        string input = Path.Combine(Repository.Shared!, "models", "mjp_g1.onnx")
            + "::mlp_1/MLP_0_1/hidden_2_1/Cast/ReadVariableOp:0";
        JsonElement json = (await Tool.RunAsync(
            "fit", input, "--transpose", "--json", "--method", "codes", "--bits", "2,3,4,6", "--time-limit",
            "600")).AssertDone().Json;
        Assert.Equal([128, 256], json.GetProperty("shape").EnumerateArray().Select(number => number.GetInt32()));
        Assert.All(
            json.GetProperty("rows").EnumerateArray().Where(row => row.GetProperty("best").GetBoolean()),
            row => Assert.True(row.GetProperty("own").GetBoolean()));
        Assert.All(
            json.GetProperty("conclusions").EnumerateArray(),
            conclusion => Assert.Contains(
                "plain rounding has", conclusion.GetProperty("sentence").GetString(), StringComparison.Ordinal));
    }
}

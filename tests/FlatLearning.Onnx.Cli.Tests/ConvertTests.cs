using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary><c>convert</c>: what it writes where, and what it says.</summary>
public sealed class ConvertTests
{
    [Fact]
    public async Task Convert_WithoutOutput_WritesBesideTheInputAndSummarises()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult result = (await Tool.RunAsync("convert", input)).AssertDone();
        Assert.Equal(["net.flat.onnx", "net.onnx"], folder.Names);
        Assert.True(new FileInfo(folder["net.flat.onnx"]).Length < new FileInfo(input).Length);
        foreach (string said in (string[])[
            Networks.FirstWeight, Networks.SecondWeight, "converted 2 weights", "worst error", folder["net.flat.onnx"]])
        {
            Assert.Contains(said, result.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Convert_InAProcess_SaysAndWritesTheSame()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult result = (await ToolProcess.RunAsync("convert", input, "--json")).AssertDone();
        (await Tool.RunAsync("convert", input, "-o", folder["here.onnx"])).AssertDone();
        Assert.Equal(2, result.Json.GetProperty("converted").GetInt32());
        Assert.Equal(File.ReadAllBytes(folder["here.onnx"]), File.ReadAllBytes(folder["net.flat.onnx"]));
    }

    [Fact]
    public async Task Convert_WhateverTheThreads_WritesTheSameBytes()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Chain(5, 48));
        foreach (string threads in (string[])["1", "2", "7"])
        {
            (await Tool.RunAsync("convert", input, "-o", folder[threads], "--threads", threads)).AssertDone();
            Assert.Equal(File.ReadAllBytes(folder["1"]), File.ReadAllBytes(folder[threads]));
        }

        (await Tool.RunAsync("convert", input, "-o", folder["again"], "--threads", "2")).AssertDone();
        Assert.Equal(File.ReadAllBytes(folder["1"]), File.ReadAllBytes(folder["again"]));
    }

    [Fact]
    public async Task Convert_ExistingTarget_StandsUnlessOverwritten()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        byte[] old = "a file that somebody needs"u8.ToArray();
        File.WriteAllBytes(folder["net.flat.onnx"], old);
        (await Tool.RunAsync("convert", input)).AssertRefused("net.flat.onnx", "--overwrite");
        Assert.Equal(old, File.ReadAllBytes(folder["net.flat.onnx"]));
        (await Tool.RunAsync("convert", input, "--overwrite")).AssertDone();
        (await Tool.RunAsync("inspect", folder["net.flat.onnx"])).AssertDone();
        Assert.Equal(["net.flat.onnx", "net.onnx"], folder.Names);
    }

    [Fact]
    public async Task Convert_FailingWithOverwrite_LeavesTheOldTarget()
    {
        using TemporaryFolder folder = new();
        ModelProto model = Networks.Small();
        model.OpsetImport.Clear();
        string input = folder.Write("net.onnx", model);
        File.WriteAllText(folder["net.flat.onnx"], "old");
        (await Tool.RunAsync("convert", input, "--overwrite")).AssertRefused();
        Assert.Equal("old", File.ReadAllText(folder["net.flat.onnx"]));
        Assert.Equal(["net.flat.onnx", "net.onnx"], folder.Names);
    }

    [Fact]
    public async Task Convert_ForTheExactSizeOfCodesWithoutAPlan_LosesNoMore()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Chain(1, 64));
        double error = Error(await Tool.RunAsync(
            "convert", input, "--fast", "--json", "-o", folder["plain.onnx"]));
        long size = new FileInfo(folder["plain.onnx"]).Length;

        CliResult plan = await Tool.RunAsync(
            "convert", input, "--json", "-o", folder["plan.onnx"], "--target-size", $"{size}",
            "--objective", "weight-error");

        Assert.InRange(new FileInfo(folder["plan.onnx"]).Length, 1, size);
        Assert.True(Error(plan) <= error, $"{Error(plan)} in {size} bytes, {error} without a plan");

        static double Error(CliResult result) =>
            result.AssertDone().Json.GetProperty("weights")[0].GetProperty("error").GetDouble();
    }

    // Varint lengths around the moved parts are all that a dry run need not know of equal codes; outputs may choose
    // another plan of as many bits.
    [Theory]
    [InlineData("--fast", 0.01)]
    [InlineData("--quality=balanced", 0.05)]
    public async Task Convert_DryRun_WritesNothingAndForetellsTheSize(string option, double tolerance)
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult dry = (await Tool.RunAsync("convert", input, option, "--dry-run", "--json")).AssertDone();
        Assert.Equal(["net.onnx"], folder.Names);
        Assert.True(dry.Json.GetProperty("dry_run").GetBoolean());
        Assert.Contains(
            "would write",
            (await Tool.RunAsync("convert", input, option, "--dry-run")).AssertDone().Out,
            StringComparison.Ordinal);
        (await Tool.RunAsync("convert", input, option)).AssertDone();
        long real = new FileInfo(folder["net.flat.onnx"]).Length;
        long foretold = dry.Json.GetProperty("output_bytes").GetInt64();
        Assert.True(Math.Abs(real - foretold) <= tolerance * real, $"foretold {foretold}, written {real}");
    }

    [Fact]
    public async Task Convert_NothingToConvert_IsStatus2WithReasonsAndNoFile()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        foreach (string[] options in (string[][])[
            ["--min-size", "100000"], ["--exclude", "."], ["--include", "^nobody$"]])
        {
            CliResult result = (await Tool.RunAsync(["convert", input, .. options])).AssertRefused("no weight");
            Assert.Contains(options[0], result.Out, StringComparison.Ordinal);
            Assert.Equal(["net.onnx"], folder.Names);
        }

        Assert.Equal(
            0,
            (await Tool.RunAsync("convert", input, "--exclude", ".", "--json")).AssertRefused().Json.GetProperty(
                "converted").GetInt32());
        string identity = folder.Write("identity.onnx", TestModels.Identity());
        (await Tool.RunAsync("convert", identity)).AssertRefused("no weight");
        Assert.Equal(["identity.onnx", "net.onnx"], folder.Names);
    }

    [Theory]
    [InlineData("--include", "W1", "W1")]
    [InlineData("--exclude", "^W1$", "W2")]
    [InlineData("--op-types", "Gemm", "W2")]
    [InlineData("--min-size", "4000", "W1")]
    public async Task Convert_Selection_ConvertsThatWeightOnly(string option, string value, string expected)
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult result =
            (await Tool.RunAsync("convert", input, option, value, "--json", "--no-portable")).AssertDone();
        Assert.Equal(
            [expected],
            result.Json.GetProperty("weights").EnumerateArray()
                .Where(weight => weight.GetProperty("skipped_reason").GetString() is null)
                .Select(weight => weight.GetProperty("name").GetString()));
        Assert.Equal(1, result.Json.GetProperty("skipped").GetInt32());
    }

    [Fact]
    public async Task Convert_Quiet_SaysNothing()
    {
        using TemporaryFolder folder = new();
        CliResult result =
            (await Tool.RunAsync("convert", folder.Write("net.onnx", Networks.Small()), "--quiet")).AssertDone();
        Assert.Equal(string.Empty, result.Out);
    }

    [Fact]
    public async Task Convert_ConvertedModel_IsRecognised()
    {
        using TemporaryFolder folder = new();
        (await Tool.RunAsync("convert", folder.Write("net.onnx", Networks.Small()))).AssertDone();
        (await Tool.RunAsync("convert", folder["net.flat.onnx"])).AssertRefused("converted already");
        Assert.Equal(["net.flat.onnx", "net.onnx"], folder.Names);
    }

    [Fact]
    public async Task Convert_ModelWithExternalData_NeverReplacesItsOwnData()
    {
        using TemporaryFolder folder = new();
        (ModelProto model, byte[] side) = Networks.WithExternalData();
        string input = folder.Write("net.onnx", model);
        File.WriteAllBytes(folder[GoodModels.SideFile], side);
        (await Tool.RunAsync("convert", input)).AssertDone();
        (await Tool.RunAsync("convert", input, "-o", folder["w.bin"], "--overwrite")).AssertRefused("w.bin");
        Assert.Equal(side, File.ReadAllBytes(folder[GoodModels.SideFile]));
        File.Move(folder[GoodModels.SideFile], folder["out.onnx.data"]);
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            tensor.ExternalData[0].Value = "out.onnx.data";
        }

        folder.Write("net.onnx", model);
        (await Tool.RunAsync("convert", input, "-o", folder["out.onnx"], "--overwrite")).AssertRefused("out.onnx.data");
        Assert.Equal(side, File.ReadAllBytes(folder["out.onnx.data"]));
    }
}

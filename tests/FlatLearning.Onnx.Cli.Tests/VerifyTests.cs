using System.Runtime.InteropServices;
using System.Text.Json;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary><c>--verify</c> and <c>compare</c>: checks that pass, fail, and cannot be carried out.</summary>
public sealed class VerifyTests
{
    [Theory]
    [InlineData("--method", "codes")]
    [InlineData("--method", "riem")]
    [InlineData("--method", "dyn-l1")]
    [InlineData("--method", "dyn-l2")]
    [InlineData("--method", "dyn-inverse-l2")]
    [InlineData("--bits", "3")]
    [InlineData("--bits", "8")]
    public async Task Verify_EveryMethod_PassesAndSaysSo(string option, string value)
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult result =
            (await Tool.RunAsync("convert", input, "--verify", "--no-portable", option, value)).AssertDone();
        Assert.Contains(": passed", result.Out, StringComparison.Ordinal);
        Assert.Contains("library against restored model", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BlocksOfOnnxRuntime_PassesWithoutTheLibrary()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult result = (await Tool.RunAsync(
            "convert", input, "--verify", "--format", "onnxruntime", "--bits", "5")).AssertDone();
        Assert.Contains("samples: passed", result.Out, StringComparison.Ordinal);
        Assert.Contains("without the library", result.Out, StringComparison.Ordinal);
        CliResult json = (await Tool.RunAsync(
            "convert", input, "--overwrite", "--format", "onnxruntime", "--json")).AssertDone();
        Assert.True(json.Json.GetProperty("loads").GetBoolean());
        Assert.Equal("blocks", json.Json.GetProperty("weights")[0].GetProperty("storage").GetString());
    }

    [Fact]
    public async Task Verify_GivenInputs_RunsThoseSamples()
    {
        using TemporaryFolder folder = new();
        string model = Path.Combine(Repository.Root, "models", "lenet5", "lenet5.onnx");
        string samples = Path.Combine(Repository.Root, "models", "lenet5", "test.npz");
        CliResult result = (await Tool.RunAsync(
            "convert", model, "-o", folder["out.onnx"], "--verify", "--inputs", samples, "--json", "--quiet",
            "--method", "codes")).AssertDone();
        Assert.True(result.Json.GetProperty("verify").GetProperty("samples").GetInt32() >= 100);
        Assert.True(result.Json.GetProperty("verify").GetProperty("passed").GetBoolean());
    }

    [Fact]
    public async Task Verify_InputsThatDoNotFit_AreRefusedBeforeAnythingIsWritten()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        NpzWriter.Write(folder["in.npz"], "x", 2, 3, new float[6]);
        (await Tool.RunAsync("convert", input, "--verify", "--inputs", folder["in.npz"])).AssertRefused("'x'");
        Assert.Equal(["in.npz", "net.onnx"], folder.Names);
    }

    [Fact]
    public async Task Verify_OriginalThatCannotRun_IsAFailedCheckOfAWrittenFile()
    {
        using TemporaryFolder folder = new();
        ModelProto model = Networks.Small();
        model.Graph.Node[1].OpType = "NoSuchOperator";
        string input = folder.Write("net.onnx", model);
        CliResult result = await Tool.RunAsync("convert", input, "--fast", "--verify", "--json");
        Assert.Equal(3, result.Status);
        result.AssertSentence("verification failed", "net.onnx");
        Assert.False(result.Json.GetProperty("verify").GetProperty("passed").GetBoolean());
        Assert.Equal(["net.flat.onnx", "net.onnx"], folder.Names);
        (await Tool.RunAsync("convert", input, "--fast", "--overwrite")).AssertStatus(0)
            .AssertSentence("not checked");
    }

    /// <summary>ONNX Runtime 1.31 crashes on a LayerNormalization whose bias has an empty name.</summary>
    [Fact]
    public async Task AnyVerb_ModelThatCrashesOnnxRuntime_EndsWithASentence()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Crashing());
        CliResult verified = await ToolProcess.RunAsync("convert", input, "--fast", "--verify", "--json");
        Assert.Equal(3, verified.Status);
        verified.AssertSentence("verification failed", "crashed");
        Assert.False(verified.Json.GetProperty("verify").GetProperty("passed").GetBoolean());
        string converted = folder["net.flat.onnx"];
        (await ToolProcess.RunAsync("convert", input, "--hessian", "synthetic", "-o", folder["b.onnx"]))
            .AssertRefused("crashed");
        (await ToolProcess.RunAsync("compare", input, converted)).AssertRefused("crashed");
        (await ToolProcess.RunAsync("bench", input, converted)).AssertRefused("crashed");
        CliResult loaded = (await ToolProcess.RunAsync("convert", input, "--overwrite", "--json")).AssertStatus(0);
        Assert.Contains("was not checked", loaded.Error, StringComparison.Ordinal);
        Assert.Contains("outputs decided nothing", loaded.Error, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, loaded.Json.GetProperty("loads").ValueKind);
        Assert.Equal(["net.flat.onnx", "net.onnx"], folder.Names);
    }

    [Fact]
    public async Task Convert_WrittenModel_IsLoadedOnce()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        JsonElement Loads(CliResult result) => result.AssertDone().Json.GetProperty("loads");
        Assert.True(Loads(await Tool.RunAsync("convert", input, "--json")).GetBoolean());
        Assert.Equal(
            JsonValueKind.Null,
            Loads(await Tool.RunAsync("convert", input, "--json", "--no-check", "--overwrite")).ValueKind);
    }

    [Fact]
    public async Task Compare_Condition_DecidesTheStatus()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", input)).AssertDone();
        string[] compare = ["compare", input, folder["net.flat.onnx"], "--fail-if"];
        (await Tool.RunAsync([.. compare, "snr<3"])).AssertDone();
        CliResult failed = await Tool.RunAsync([.. compare, "snr<300"]);
        Assert.Equal(3, failed.Status);
        failed.AssertSentence("snr<300", "'y'");
        Assert.Contains("relative L2", failed.Out, StringComparison.Ordinal);
        Assert.Equal(3, (await ToolProcess.RunAsync([.. compare, "relative_l2>0", "--json"])).AssertSentence().Status);
    }

    [Fact]
    public async Task Compare_WithAndWithoutLibrary_Agree()
    {
        // Both decode to the same float32 weights; only the order of float32 additions differs.
        const double Rounding = 1e-4;
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", input)).AssertDone();
        double library = await RelativeErrorAsync();
        double portable = await RelativeErrorAsync("--portable");
        Assert.InRange(library, 1e-4, 0.5);
        Assert.True(Math.Abs(library - portable) < Rounding, $"{library} and {portable}");

        async Task<double> RelativeErrorAsync(params string[] options) =>
            (await Tool.RunAsync(["compare", input, folder["net.flat.onnx"], "--json", .. options])).AssertDone()
                .Json.GetProperty("outputs")[0].GetProperty("relative_l2").GetDouble();
    }

    [Fact]
    public async Task Compare_LibraryThatIsNone_IsOneSentence()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        File.WriteAllText(folder["libnone.so"], "no library");
        (await Tool.RunAsync("compare", input, input, "--custom-ops", folder["libnone.so"])).AssertRefused(
            "libnone.so");
        string natives =
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        File.Copy(Path.Combine(natives, "libonnxruntime.so"), folder["libother.so"]);
        (await ToolProcess.RunAsync("compare", input, input, "--custom-ops", folder["libother.so"])).AssertRefused(
            "libother.so");
    }

    [Fact]
    public async Task Compare_ModelsOfOtherNetworks_IsOneSentence()
    {
        using TemporaryFolder folder = new();
        (await Tool.RunAsync(
            "compare",
            folder.Write("a.onnx", Networks.Small()),
            folder.Write("b.onnx", Networks.Chain(1, 8)))).AssertRefused();
    }

    [Fact]
    public async Task Restore_ConvertedModel_RunsLikeIt()
    {
        // The decoder and the kernel add the same float32 products in other orders.
        const double Rounding = 5e-5;
        using TemporaryFolder folder = new();
        (await Tool.RunAsync("convert", folder.Write("net.onnx", Networks.Small()))).AssertDone();
        Assert.Contains(
            folder["net.restored.onnx"],
            (await Tool.RunAsync("restore", folder["net.flat.onnx"])).AssertDone().Out,
            StringComparison.Ordinal);
        (await Tool.RunAsync("restore", folder["net.flat.onnx"])).AssertRefused("--overwrite");
        (await Tool.RunAsync("restore", folder["net.flat.onnx"], "--overwrite")).AssertDone();
        CliResult compared = (await Tool.RunAsync(
            "compare", folder["net.restored.onnx"], folder["net.flat.onnx"], "--json")).AssertDone();
        double error = compared.Json.GetProperty("outputs")[0].GetProperty("relative_l2").GetDouble();
        Assert.True(error < Rounding, $"{error}");
    }
}

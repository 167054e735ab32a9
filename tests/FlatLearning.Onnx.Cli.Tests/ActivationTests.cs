using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>The option <c>--activations</c> of <c>bench</c> and <c>compare</c>.</summary>
public sealed class ActivationTests
{
    /// <summary>
    /// A look-up is rounded by half of a 32,700th of what 32 inputs may add up to: far below this part of the output.
    /// </summary>
    private const double MaxRounding = 0.01;

    [Fact]
    public async Task Bench_RoundedActivations_MeasuresBothWays()
    {
        using TemporaryFolder folder = new();
        string original = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", original)).AssertDone();
        string[] line = [
            "bench", original, folder["net.flat.onnx"], "--activations", "int8", "--seconds", "0.2", "--threads", "1"];
        JsonElement json = (await Tool.RunAsync([.. line, "--json"])).AssertDone().Json;
        Assert.Equal(
            ["plain", "library", "library int8"],
            json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("variant").GetString()));
        Assert.Contains("(int8)", (await Tool.RunAsync(line)).AssertDone().Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_RoundedActivations_ReportsWhatTheyAdd()
    {
        using TemporaryFolder folder = new();
        string original = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", original, "--fast")).AssertDone();
        string[] line = ["compare", original, folder["net.flat.onnx"], "--samples", "3"];
        JsonElement exact = (await Tool.RunAsync([.. line, "--json"])).AssertDone().Json;
        Assert.Equal(JsonValueKind.Null, exact.GetProperty("rounding").ValueKind);
        Assert.Equal("fixed", exact.GetProperty("activations").GetString());
        JsonElement rounded = (await Tool.RunAsync([.. line, "--activations", "int8", "--json"])).AssertDone().Json;
        double added = rounded.GetProperty("rounding")[0].GetProperty("relative_l2").GetDouble();
        bool can = OperatingSystem.IsLinux() && Avx512DQ.VL.IsSupported;
        Assert.True(added < MaxRounding && (added > 0 || !can), $"{added}");
        Assert.Contains(
            "rounded activations alone",
            (await Tool.RunAsync([.. line, "--activations", "int8"])).AssertDone().Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_RoundedActivationsWithoutLibrary_IsRefused()
    {
        using TemporaryFolder folder = new();
        string original = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("compare", original, original, "--portable", "--activations", "int8")).AssertRefused(
            "FLAT0966");
        (await Tool.RunAsync("compare", original, original, "--activations", "int9")).AssertRefused("int9");
    }
}

using System.Globalization;
using System.Text.Json;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>Real measurements, short ones: what is checked holds for any speed of the machine.</summary>
public sealed class BenchTests
{
    private static readonly string[] RunKeys =
    [
        "model", "batch", "provider", "threads", "load_ms", "median_ms", "p10_ms", "p90_ms", "peak_memory_bytes",
        "variant",
            "library",
            "first_run_ms",
            "timed_runs",
            "rounds",
            "quiet_ms",
            "sessions",
            "resident_memory_bytes",
            "products",
            "weight_bytes",
            "flops",
            "gflops",
        "bandwidth_share", "peak_share",
    ];

    private static readonly string[] RatioKeys = [
        "model", "against", "batch", "median", "p10", "p90", "variant", "against_variant", "memory"];

    [Fact]
    public async Task Json_ConvertedModelAndPortable_HasEveryKeyAndTrueNumbers()
    {
        using TemporaryFolder folder = new();
        string original = folder.Write("net.onnx", Networks.Small());
        JsonElement stored = (await Tool.RunAsync("convert", original, "--fast", "--json")).AssertDone().Json;
        string converted = folder["net.flat.onnx"];
        JsonElement json = (await Tool.RunAsync(
            "bench", original, converted, "--portable", "--json", "--seconds", "0.2", "--threads",
            "1")).AssertDone().Json;
        JsonElement[] runs = [.. json.GetProperty("runs").EnumerateArray()];
        JsonElement[] ratios = [.. json.GetProperty("ratios").EnumerateArray()];
        Assert.All(
            runs,
            run => Assert.All(RunKeys, key => Assert.True(run.TryGetProperty(key, out _), $"there is no key '{key}'")));
        Assert.All(
            ratios,
            ratio => Assert.All(
                RatioKeys, key => Assert.True(ratio.TryGetProperty(key, out _), $"there is no key '{key}'")));
        Assert.Equal(["plain", "library", "portable"], runs.Select(run => run.GetProperty("variant").GetString()));
        Assert.Equal([original, converted, converted], runs.Select(run => run.GetProperty("model").GetString()));
        Assert.Equal(["library", "portable"], ratios.Select(ratio => ratio.GetProperty("variant").GetString()));
        Assert.All(ratios, ratio => Assert.Equal(original, ratio.GetProperty("against").GetString()));

        // 2 K N for each of the two products of one row.
        double flops = 2.0 * ((Networks.Width * Networks.Width) + (Networks.Width * Networks.Classes));
        Assert.All(runs, run => Assert.Equal(flops, run.GetProperty("flops").GetDouble()));
        long dense = sizeof(float) * Networks.Width * (Networks.Width + Networks.Classes);
        long packed = stored.GetProperty("weights")
            .EnumerateArray()
            .Sum(weight => weight.GetProperty("stored_bytes").GetInt64());
        Assert.Equal([dense, packed, dense], runs.Select(run => run.GetProperty("weight_bytes").GetInt64()));
        JsonElement machine = json.GetProperty("machine");
        Assert.Equal(1, machine.GetProperty("threads").GetInt32());
        foreach (JsonElement run in runs)
        {
            double median = run.GetProperty("median_ms").GetDouble();
            Assert.InRange(median, run.GetProperty("p10_ms").GetDouble(), run.GetProperty("p90_ms").GetDouble());
            Assert.True(run.GetProperty("p10_ms").GetDouble() > 0);
            Assert.True(run.GetProperty("timed_runs").GetInt32() >= run.GetProperty("rounds").GetInt32());
            Assert.InRange(
                run.GetProperty("resident_memory_bytes").GetInt64(),
                long.MinValue,
                run.GetProperty("peak_memory_bytes").GetInt64());
            Assert.Equal(flops / median / 1e6, run.GetProperty("gflops").GetDouble(), 1e-9 * flops);
            AssertClose(
                flops / median * 1e3 / machine.GetProperty("flops_per_second").GetDouble(),
                run.GetProperty("peak_share").GetDouble());
            AssertClose(
                run.GetProperty("weight_bytes").GetInt64() / median * 1e3
                    / machine.GetProperty("bytes_per_second").GetDouble(),
                run.GetProperty("bandwidth_share").GetDouble());
        }
    }

    [Fact]
    public async Task RealModel_TwoBatches_ScalesItsOperationsAndFitsTheWidth()
    {
        string model = Path.Combine(Repository.Root, "models", "char-transformer", "char_transformer.onnx");
        string[] line = ["bench", model, model, "--batch", "1,2", "--seconds", "0.5", "--threads", "1"];
        JsonElement json = (await Tool.RunAsync([.. line, "--json"])).AssertDone().Json;
        double[] flops = [
            .. json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("flops").GetDouble())];

        // The same model twice at each batch: the formula knows rows only.
        Assert.Equal([flops[0], flops[0], 2 * flops[0], 2 * flops[0]], flops);
        Assert.Equal(
            [1, 2], json.GetProperty("ratios").EnumerateArray().Select(ratio => ratio.GetProperty("batch").GetInt32()));
        CliResult text = (await Tool.RunAsync(line)).AssertDone();
        string[] lines = text.Out.Split('\n');
        Assert.All(
            lines.Where(one => !one.StartsWith("note:", StringComparison.Ordinal)),
            one => Assert.InRange(one.Length, 0, 100));
        Assert.Equal(
            2, lines.Count(one => one.Contains(" as fast as char_transformer.onnx", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task InputsFromAFile_AndNoLibrary_AreUsed()
    {
        using TemporaryFolder folder = new();
        string original = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", original)).AssertDone();
        NpzWriter.Write(folder["in.npz"], "x", 4, Networks.Width, new float[4 * Networks.Width]);
        JsonElement json = (await Tool.RunAsync(
            "bench", original, folder["net.flat.onnx"], "--inputs", folder["in.npz"], "--custom-ops", "none", "--json",
            "--seconds", "0.1")).AssertDone().Json;
        Assert.Equal(
            ["plain", "portable"],
            json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("variant").GetString()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("runs")[1].GetProperty("library").ValueKind);
        Assert.Equal(1, json.GetProperty("runs")[0].GetProperty("batch").GetInt32());
    }

    [Fact]
    public async Task OutOfCache_SmallWeights_RotatesThroughManySessions()
    {
        using TemporaryFolder folder = new();
        JsonElement run = (await Tool.RunAsync(
            "bench", folder.Write("net.onnx", Networks.Small()), "--out-of-cache", "--json", "--seconds", "0.1"))
            .AssertDone().Json.GetProperty("runs")[0];
        Assert.Equal(64, run.GetProperty("sessions").GetInt32());
    }

    [Fact]
    public async Task SingleModel_Quiet_SaysNothing()
    {
        using TemporaryFolder folder = new();
        CliResult result = (await Tool.RunAsync(
            "bench", folder.Write("net.onnx", Networks.Small()), "--seconds", "0.1", "--quiet")).AssertDone();
        Assert.Equal(string.Empty, result.Out);
        Assert.Equal(string.Empty, result.Error);
    }

    [Fact]
    public async Task ModelsOfDifferentNetworks_AreRefused()
    {
        using TemporaryFolder folder = new();
        string other = folder.Write("other.onnx", Networks.Chain(2, Networks.Width));
        (await Tool.RunAsync("bench", folder.Write("net.onnx", Networks.Small()), other)).AssertRefused(
            "net.onnx", "'v0'");
    }

    [Fact]
    public async Task DamagedModel_IsRefusedAsEverywhere()
    {
        using TemporaryFolder folder = new();
        string good = folder.Write("net.onnx", Networks.Small());
        byte[] bytes = File.ReadAllBytes(good);
        File.WriteAllBytes(folder["cut.onnx"], bytes[..(bytes.Length / 2)]);
        CliResult bench = (await Tool.RunAsync("bench", good, folder["cut.onnx"])).AssertRefused("cut.onnx");
        Assert.Equal((await Tool.RunAsync("compare", good, folder["cut.onnx"])).AssertRefused().Error, bench.Error);
    }

    private static void AssertClose(double expected, double found) =>
        Assert.True(
            Math.Abs(found - expected) < 1e-9 * expected,
            string.Create(CultureInfo.InvariantCulture, $"expected {expected}, found {found}"));
}

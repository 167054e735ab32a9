using System.Text.Json;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>The keys that scripts rely on: they may get company, and never go.</summary>
public sealed class JsonTests
{
    private static readonly string[] WeightKeys =
    [
        "name", "nodes", "op_types", "shape", "dtype", "original_bytes", "stored_bytes", "bits_per_weight", "error",
        "representation", "hessian", "skipped_reason",
    ];

    private static readonly string[] OutputKeys = [
        "name", "max_abs", "mean_abs", "relative_l2", "snr_db", "cosine", "top1_agreement", "kl"];

    [Fact]
    public async Task Convert_Json_HasEveryKeyAndTrueNumbers()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult result = (await Tool.RunAsync(
            "convert", input, "--json", "--verify", "--exclude", Networks.SecondWeight, "--method",
            "codes")).AssertDone();
        JsonElement json = result.Json;
        AssertKeys(
            json,
            ["input", "output", "input_bytes", "output_bytes", "converted", "skipped", "bits_per_weight", "seconds",
            "peak_memory_bytes", "weights", "verify"]);
        Assert.Equal(input, json.GetProperty("input").GetString());
        Assert.Equal(new FileInfo(input).Length, json.GetProperty("input_bytes").GetInt64());
        Assert.Equal(new FileInfo(folder["net.flat.onnx"]).Length, json.GetProperty("output_bytes").GetInt64());
        JsonElement[] weights = [.. json.GetProperty("weights").EnumerateArray()];
        Assert.Equal(2, weights.Length);
        Assert.All(weights, weight => AssertKeys(weight, WeightKeys));
        Assert.Equal(
            [Networks.Width, Networks.Width],
            weights[0].GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt32()));
        Assert.Equal(
            8.0 * weights[0].GetProperty("stored_bytes").GetInt64() / (Networks.Width * Networks.Width),
            weights[0].GetProperty("bits_per_weight").GetDouble(),
            1e-9);
        Assert.InRange(weights[0].GetProperty("error").GetDouble(), 1e-6, 0.1);
        Assert.Equal(JsonValueKind.Null, weights[0].GetProperty("skipped_reason").ValueKind);
        Assert.Contains("--exclude", weights[1].GetProperty("skipped_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, weights[1].GetProperty("error").ValueKind);
        AssertKeys(json.GetProperty("verify"), ["samples", "outputs", "layers", "passed"]);
        AssertKeys(json.GetProperty("verify").GetProperty("outputs")[0], OutputKeys);
        Assert.True(json.GetProperty("verify").GetProperty("passed").GetBoolean());
    }

    [Fact]
    public async Task Convert_JsonWithATarget_SaysHowItWasMet()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        JsonElement json = (await Tool.RunAsync("convert", input, "--json", "--bits", "4.5")).AssertDone().Json;
        JsonElement target = json.GetProperty("target");
        AssertKeys(target, ["kind", "asked", "reached", "met", "predicted_bytes", "predicted_error", "error"]);
        Assert.Equal(
            ("bits", 4.5, true),
            (target.GetProperty("kind")
                .GetString(), target.GetProperty("asked").GetDouble(), target.GetProperty("met").GetBoolean()));
        Assert.InRange(target.GetProperty("reached").GetDouble(), 3.0, 4.5);
        Assert.InRange(json.GetProperty("bits_per_weight").GetDouble(), 3.0, 4.5);
        Assert.All(
            json.GetProperty("weights").EnumerateArray(),
            weight => AssertKeys(weight, [.. WeightKeys, "choice", "predicted_error"]));
        Assert.InRange(
            target.GetProperty("predicted_bytes").GetDouble() / json.GetProperty("output_bytes").GetDouble(),
            0.99,
            1.01);
    }

    [Fact]
    public async Task Convert_TargetOutOfReach_IsStatus3AndTheSmallestFile()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult result = await Tool.RunAsync("convert", input, "--target-size", "1kB");
        Assert.Equal(3, result.Status);
        Assert.Contains("cannot be met", result.Error, StringComparison.Ordinal);
        Assert.Contains("net.flat.onnx", folder.Names);
    }

    [Fact]
    public async Task Compare_Json_HasEveryKey()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", input)).AssertDone();
        JsonElement json = (await Tool.RunAsync(
            "compare", input, folder["net.flat.onnx"], "--json", "--per-layer", "--samples", "5")).AssertDone().Json;
        AssertKeys(json, ["samples", "outputs", "layers"]);
        Assert.Equal(5, json.GetProperty("samples").GetInt32());
        AssertKeys(Assert.Single(json.GetProperty("outputs").EnumerateArray()), OutputKeys);
        Assert.NotEmpty(json.GetProperty("layers").EnumerateArray());
        Assert.All(
            json.GetProperty("layers").EnumerateArray(), layer => AssertKeys(layer, ["name", "relative_l2", "snr_db"]));
    }

    [Fact]
    public async Task Inspect_Json_HasEveryKeyAndAgreesWithConvert()
    {
        using TemporaryFolder folder = new();
        JsonElement converted =
            (await Tool.RunAsync("convert", folder.Write("net.onnx", Networks.Small()), "--json")).AssertDone().Json;
        JsonElement json = (await Tool.RunAsync("inspect", folder["net.flat.onnx"], "--json")).AssertDone().Json;
        AssertKeys(json, ["weights", "operators", "portable", "storage"]);
        Assert.Equal(2, json.GetProperty("operators").GetProperty("DynMatMul").GetInt32());
        Assert.True(json.GetProperty("portable").GetBoolean());
        Assert.Equal("packed", json.GetProperty("storage").GetString());
        Assert.Equal(
            converted.GetProperty("bits_per_weight").GetDouble(),
            json.GetProperty("bits_per_weight").GetDouble(),
            1e-9);
        foreach ((JsonElement before, JsonElement after) in converted.GetProperty("weights")
            .EnumerateArray()
            .Zip(json.GetProperty("weights").EnumerateArray()))
        {
            AssertKeys(after, WeightKeys);
            foreach (string key in (string[])["name", "stored_bytes", "original_bytes", "representation", "dtype"])
            {
                Assert.Equal(before.GetProperty(key).ToString(), after.GetProperty(key).ToString());
            }
        }
    }

    [Fact]
    public async Task Restore_Json_NamesBothFilesAndTheirSizes()
    {
        using TemporaryFolder folder = new();
        (await Tool.RunAsync("convert", folder.Write("net.onnx", Networks.Small()))).AssertDone();
        JsonElement json = (await Tool.RunAsync("restore", folder["net.flat.onnx"], "--json")).AssertDone().Json;
        Assert.Equal(folder["net.restored.onnx"], json.GetProperty("output").GetString());
        Assert.Equal(new FileInfo(folder["net.restored.onnx"]).Length, json.GetProperty("output_bytes").GetInt64());
    }

    private static void AssertKeys(JsonElement found, string[] expected) =>
        Assert.All(expected, key => Assert.True(found.TryGetProperty(key, out _), $"there is no key '{key}'"));
}

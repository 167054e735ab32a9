using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary><c>--storage entropy</c> through every verb.</summary>
public sealed class EntropyStorageTests
{
    [Fact]
    public async Task Convert_EntropyStorage_IsSmallerThanPackedAndSaysWhatItNeeds()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult entropy = await Tool.RunAsync(
            "convert", input, "-o", folder["e.onnx"], "--storage", "entropy", "--method", "codes", "--verify",
            "--json");
        Assert.Equal(0, entropy.Status);
        (await Tool.RunAsync("convert", input, "-o", folder["p.onnx"], "--storage", "packed")).AssertDone();
        entropy.AssertSentence("which no model-local function can decode", "flat_custom_ops");
        Assert.True(new FileInfo(folder["e.onnx"]).Length < new FileInfo(folder["p.onnx"]).Length);
        Assert.All(
            entropy.Json.GetProperty("weights").EnumerateArray(),
            weight => Assert.Equal("entropy", weight.GetProperty("storage").GetString()));
    }

    [Fact]
    public async Task Inspect_EntropyStorage_SaysSo()
    {
        using TemporaryFolder folder = new();
        string converted = await Convert(folder);
        CliResult result = (await Tool.RunAsync("inspect", converted, "--json")).AssertDone();
        Assert.Equal("entropy", result.Json.GetProperty("storage").GetString());
        Assert.False(result.Json.GetProperty("portable").GetBoolean());
    }

    [Fact]
    public async Task Restore_EntropyStorage_ComputesTheSame()
    {
        using TemporaryFolder folder = new();
        string converted = await Convert(folder);
        (await Tool.RunAsync("restore", converted, "-o", folder["plain.onnx"])).AssertDone();

        // The two differ by the order of float32 sums alone: far beyond 100 dB.
        (await Tool.RunAsync("compare", folder["plain.onnx"], converted, "--fail-if", "snr<100")).AssertDone();
    }

    [Fact]
    public async Task Compare_EntropyStorageWithoutTheLibrary_NamesTheLibrary()
    {
        using TemporaryFolder folder = new();
        string converted = await Convert(folder);
        (await Tool.RunAsync("compare", folder["net.onnx"], converted, "--portable")).AssertRefused("flat_custom_ops");
    }

    [Theory]
    [InlineData("--bits", "3.2", 0.99)]
    [InlineData("--target-size", "15%", 0.99)]
    [InlineData("--target-error", "0.003", 0.95)]
    public async Task Convert_EntropyStorageWithTarget_MeetsItClosely(string target, string value, double min)
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Chain(3, 96));
        string[] arguments = [
            "convert", input, "-o", folder["e.onnx"], "--storage", "entropy", "--method", "codes", target, value,
            "--json"];
        CliResult predicted = await Tool.RunAsync([.. arguments, "--dry-run"]);
        CliResult result = await Tool.RunAsync(arguments);
        Assert.True(result.Status == 0, result.Error);
        System.Text.Json.JsonElement report = result.Json.GetProperty("target");
        (double asked, double reached) =
            (report.GetProperty("asked").GetDouble(), report.GetProperty("reached").GetDouble());
        Assert.True(reached <= asked && reached > min * asked, $"{reached} of {asked}");
        Assert.All(
            result.Json.GetProperty("weights").EnumerateArray(),
            weight => Assert.Equal("entropy", weight.GetProperty("storage").GetString()));

        // Gaussian weights that count alike get about the same step, which is the allocation of least error; a sixth of
        // a bit more or less costs next to nothing.
        double[] errors = [
            .. result.Json.GetProperty("weights")
                .EnumerateArray()
                .Select(weight => weight.GetProperty("error").GetDouble())];
        Assert.True(errors.Max() < 1.6 * errors.Min(), string.Join(' ', errors));
        double size = predicted.Json.GetProperty("target").GetProperty("predicted_bytes").GetDouble();
        double error = predicted.Json.GetProperty("target").GetProperty("predicted_error").GetDouble();
        Assert.True(
            Math.Abs(size - result.Json.GetProperty("output_bytes").GetDouble()) < 0.01 * size,
            $"predicted {size} bytes");
        Assert.True(
            Math.Abs(error - report.GetProperty("error").GetDouble()) < 0.1 * error, $"predicted an error of {error}");
    }

    [Fact]
    public async Task Convert_EntropyStorageForAnSnr_ReachesIt()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Chain(3, 96));
        CliResult result = await Tool.RunAsync(
            "convert", input, "-o", folder["e.onnx"], "--storage", "entropy", "--method", "codes", "--target-snr",
            "25", "--json");
        Assert.True(result.Status == 0, result.Error);
        double reached = result.Json.GetProperty("target").GetProperty("reached").GetDouble();
        Assert.True(reached is >= 25 and < 26, $"{reached} dB");
        Assert.All(
            result.Json.GetProperty("weights").EnumerateArray(),
            weight => Assert.Equal("entropy", weight.GetProperty("storage").GetString()));
    }

    private static async Task<string> Convert(TemporaryFolder folder)
    {
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult result =
            await Tool.RunAsync("convert", input, "-o", folder["e.onnx"], "--storage", "entropy", "--method", "codes");
        Assert.Equal(0, result.Status);
        return folder["e.onnx"];
    }
}

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
        CliResult entropy = await Tool.RunAsync("convert", input, "-o", folder["e.onnx"], "--storage", "entropy", "--method", "codes", "--verify", "--json");
        Assert.Equal(0, entropy.Status);
        (await Tool.RunAsync("convert", input, "-o", folder["p.onnx"], "--storage", "packed")).AssertDone();
        entropy.AssertSentence("which no model-local function can decode", "flat_custom_ops");
        Assert.True(new FileInfo(folder["e.onnx"]).Length < new FileInfo(folder["p.onnx"]).Length);
        Assert.All(entropy.Json.GetProperty("weights").EnumerateArray(), weight => Assert.Equal("entropy", weight.GetProperty("storage").GetString()));
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
    [InlineData("--bits", "3.2")]
    [InlineData("--target-size", "15%")]
    [InlineData("--target-error", "0.003")]
    public async Task Convert_EntropyStorageWithTarget_MeetsItWithOneStep(string target, string value)
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Chain(3, 96));
        CliResult result = await Tool.RunAsync("convert", input, "-o", folder["e.onnx"], "--storage", "entropy", "--method", "codes", target, value, "--json");
        Assert.True(result.Status == 0, result.Error);
        System.Text.Json.JsonElement report = result.Json.GetProperty("target");
        (double asked, double reached) = (report.GetProperty("asked").GetDouble(), report.GetProperty("reached").GetDouble());
        Assert.True(reached <= asked && reached > 0.95 * asked, $"{reached} of {asked}");
        string[] steps = [.. result.Json.GetProperty("weights").EnumerateArray().Select(weight => weight.GetProperty("representation").GetString()!)];
        Assert.True(steps.Length == 3 && steps.Distinct().Count() == 1, string.Join("; ", steps));
    }

    [Fact]
    public async Task Convert_EntropyStorageForAnSnr_IsRefused()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", input, "--storage", "entropy", "--target-snr", "30")).AssertRefused("--target-snr", "--storage entropy");
    }

    private static async Task<string> Convert(TemporaryFolder folder)
    {
        string input = folder.Write("net.onnx", Networks.Small());
        CliResult result = await Tool.RunAsync("convert", input, "-o", folder["e.onnx"], "--storage", "entropy", "--method", "codes");
        Assert.Equal(0, result.Status);
        return folder["e.onnx"];
    }
}

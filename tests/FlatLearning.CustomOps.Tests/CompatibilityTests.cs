namespace FlatLearning.CustomOps.Tests;

public sealed class CompatibilityTests
{
    private const int Weights = 40;

    [Theory]
    [InlineData("1.17.3")]
    [InlineData("1.20.1")]
    [InlineData("1.23.2")]
    public void Compute_OlderOnnxRuntime_AgreesWithReference(string version)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "onnxruntime-versions", version);
        Assert.Equal($"{version} {Weights}", ChildProcess.Run("compute", folder, $"{Weights}"));
    }

    [Fact]
    public void Compute_PinnedOnnxRuntime_AgreesWithReference() =>
        Assert.Equal($"1.30.0 {Weights}", ChildProcess.Run("compute", AppContext.BaseDirectory, $"{Weights}"));

    [Theory]
    [InlineData("1.17.3")]
    [InlineData("1.20.1")]
    [InlineData("1.23.2")]
    public void Node_MutatedOnOlderOnnxRuntime_IsRefusedOrComputedRight(string version)
    {
        const int Mutations = 300;
        string folder = Path.Combine(AppContext.BaseDirectory, "onnxruntime-versions", version);
        string[] counts = ChildProcess.Run("mutate", folder, "5000", $"{Mutations}").Split(' ');
        Assert.Equal(Mutations, int.Parse(counts[0]) + int.Parse(counts[1]));
    }

    [Theory]
    [InlineData("1.16.3")]
    [InlineData("1.2.0")]
    [InlineData("0.5")]
    [InlineData("nonsense")]
    public void Register_HostTooOld_ReturnsAStatusWithBothVersions(string version)
    {
        string message = FakeHost.Register(NativeHost.LibraryPath, version);
        Assert.Contains($"'{version}'", message, StringComparison.Ordinal);
        Assert.Contains("1.17 or newer", message, StringComparison.Ordinal);
    }
}

using FlatLearning.Testing;

namespace FlatLearning.CustomOps.Tests;

public sealed class CompatibilityTests
{
    private const int Weights = 40;

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Compute_EveryVersionOfOnnxRuntime_AgreesWithReference(string version) =>
        Assert.Equal($"{version} {Weights}", ChildProcess.Run("compute", version, $"{Weights}"));

    // A library for GPUs must serve hosts without the provider as the plain one does.
    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Compute_WithOperatorsForCudaToo_AgreesWithReference(string version)
    {
        const int Few = 12;
        Assert.Equal($"{version} {Few}", ChildProcess.RunWithCuda("compute", version, $"{Few}"));
    }

    [Theory]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Node_MutatedOnOlderOnnxRuntime_IsRefusedOrComputedRight(string version)
    {
        const int Mutations = 300;
        string[] counts = ChildProcess.Run("mutate", version, "5000", $"{Mutations}").Split(' ');
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

using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Onnx.Evaluation.Tests.Benchmarking;

public sealed class WorkerStartTests
{
    private const string Assembly = "/opt/flat/flat-onnx.dll";

    [Theory]
    [InlineData("/opt/flat/flat-onnx")]
    [InlineData("/usr/bin/renamed")]
    public void Of_ProgramWithItsOwnExecutable_IsThatExecutable(string own)
    {
        WorkerStart start = WorkerStart.Of(own, isEntry: true, Assembly, ["worker", "--child"]);
        Assert.Equal(own, start.File);
        Assert.Equal(["worker", "--child"], start.Arguments);
    }

    [Theory]
    [InlineData("/usr/share/dotnet/dotnet", true)]
    [InlineData("/usr/share/dotnet/dotnet", false)]
    public void Of_ProgramInTheDotnetHost_IsTheHostWithTheAssembly(string own, bool isEntry)
    {
        WorkerStart start = WorkerStart.Of(own, isEntry, Assembly, ["worker"]);
        Assert.Equal(own, start.File);
        Assert.Equal([Assembly, "worker"], start.Arguments);
    }

    [Fact]
    public void Of_AssemblyInAnotherProgram_IsADotnetHostWithTheAssembly()
    {
        WorkerStart start = WorkerStart.Of("/usr/bin/testhost", isEntry: false, Assembly, ["worker"]);
        Assert.Equal("dotnet", Path.GetFileNameWithoutExtension(start.File));
        Assert.Equal([Assembly, "worker"], start.Arguments);
    }
}

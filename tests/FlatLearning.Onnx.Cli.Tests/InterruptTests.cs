using System.Runtime.Versioning;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>
/// Runs that are stopped or run out of room, each in a process of its own: the old file stands and nothing else is
/// left.
/// </summary>
public sealed class InterruptTests
{
    // Well into the fit, and far from the end of a model that takes minutes.
    private static readonly TimeSpan InTheMiddle = TimeSpan.FromSeconds(2);

    // Between a signal and the end; far below what the fit would still take, far above a busy machine's delays.
    private static readonly TimeSpan Quickly = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(ToolProcess.Interrupt, true)]
    [InlineData(ToolProcess.Interrupt, false)]
    [InlineData(ToolProcess.Kill, true)]
    public async Task Convert_StoppedWhileFitting_LeavesWhatWasThere(int signal, bool withOldTarget)
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder temporary = new();
        string input = folder.Write("net.onnx", Networks.Chain(8, 1024));
        if (withOldTarget)
        {
            File.WriteAllText(folder["net.flat.onnx"], "old");
        }

        string[] before = folder.Names;
        using ToolProcess tool = ToolProcess.Start(temporary.Path, "convert", input, "--overwrite", "--threads", "2");
        await tool.UntilAsync(() => tool.ProcessorTime > InTheMiddle, "it had fitted for a while");
        long sent = Environment.TickCount64;
        tool.Signal(signal);
        CliResult result = await tool.EndAsync();
        TimeSpan took = TimeSpan.FromMilliseconds(Environment.TickCount64 - sent);
        Assert.True(took < Quickly, $"took {took}");
        Assert.Equal(128 + signal, result.Status);
        Assert.Equal(string.Empty, result.Out);
        Assert.Equal(before, folder.Names);
        Assert.DoesNotContain(temporary.Names, name => name.StartsWith("flat-onnx", StringComparison.Ordinal));
        if (withOldTarget)
        {
            Assert.Equal("old", File.ReadAllText(folder["net.flat.onnx"]));
        }

        if (signal == ToolProcess.Interrupt)
        {
            Assert.Contains("flat-onnx: interrupted; nothing was written.", result.ErrorLines);
            Assert.Single(result.ErrorLines);
        }
    }

    [Fact]
    public async Task Convert_InterruptedWhileVerifying_KeepsTheFileAndSaysThatItIsNotVerified()
    {
        const int Samples = 200_000;
        using TemporaryFolder folder = new();
        using TemporaryFolder temporary = new();
        string input = folder.Write("net.onnx", Networks.Small());
        NpzWriter.Write(folder["in.npz"], "x", Samples, Networks.Width, new float[Samples * Networks.Width]);
        using ToolProcess tool =
            ToolProcess.Start(temporary.Path, "convert", input, "--verify", "--inputs", folder["in.npz"]);
        await tool.UntilAsync(() => File.Exists(folder["net.flat.onnx"]), "it had written the file");
        tool.Signal(ToolProcess.Interrupt);
        CliResult result = await tool.EndAsync();
        Assert.True(result.Status == 130, $"status {result.Status}: {result.Error}");
        result.AssertSentence("net.flat.onnx", "not verified");
        Assert.Equal(["in.npz", "net.flat.onnx", "net.onnx"], folder.Names);
        Assert.DoesNotContain(temporary.Names, name => name.StartsWith("flat-onnx", StringComparison.Ordinal));
        (await Tool.RunAsync("inspect", folder["net.flat.onnx"])).AssertDone();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Convert_NoRoomForTheFile_IsRefusedAndCleanedUp(bool withOldTarget)
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        if (withOldTarget)
        {
            File.WriteAllText(folder["net.flat.onnx"], "old");
        }

        string[] before = folder.Names;
        // In kilobytes: less than the result has, like a disk that fills up on the way.
        CliResult result =
            await ToolProcess.RunInShellAsync("ulimit -f 4; exec \"$@\"", "convert", input, "--fast", "--overwrite");
        result.AssertRefused("net.flat.onnx", "cannot be written");
        Assert.Equal(before, folder.Names);
        if (withOldTarget)
        {
            Assert.Equal("old", File.ReadAllText(folder["net.flat.onnx"]));
        }
    }

    [Fact]
    public async Task Convert_NameTooLongForTheSystem_IsRefused()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", input, "-o", folder[new string('n', 300)])).AssertRefused("cannot be written");
        Assert.Equal(["net.onnx"], folder.Names);
    }

    [PermissionFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Convert_FolderThatMayNotBeWritten_IsRefused()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        UnixFileMode mode = File.GetUnixFileMode(folder.Path);
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            CliResult result =
                await ToolProcess.RunInShellAsync($"exec {PermissionFactAttribute.Prefix} \"$@\"", "convert", input);
            result.AssertRefused("cannot be written");
            Assert.Equal(["net.onnx"], folder.Names);
        }
        finally
        {
            File.SetUnixFileMode(folder.Path, mode);
        }
    }

    [Fact]
    public async Task Convert_LongWork_SaysFewLinesOnAPipe()
    {
        using TemporaryFolder folder = new();
        CliResult result = await ToolProcess.RunAsync(
            "convert", folder.Write("net.onnx", Networks.Chain(3, 512)), "--method", "codes");
        Assert.Equal(0, result.Status);
        Assert.Empty(result.ErrorLines);
        Assert.InRange(result.ProgressLines.Length, 0, 10);
        Assert.DoesNotContain('\r', result.Error);
    }
}

using System.Diagnostics;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>The processes of a benchmark: stopped, killed, and on their own.</summary>
public sealed class BenchProcessTests
{
    [Fact]
    public async Task Interrupted_WhileMeasuring_EndsEveryProcessWithStatus130()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder temporary = new();
        using ToolProcess tool = Start(folder, temporary);
        int[] children = await TwoChildrenAsync(tool);
        tool.Signal(ToolProcess.Interrupt);
        CliResult result = await tool.EndAsync();
        Assert.Equal(130, result.Status);
        Assert.Equal(string.Empty, result.Out);
        Assert.Contains("flat-onnx: interrupted; nothing was written.", result.ErrorLines);
        Assert.Single(result.ErrorLines);
        Assert.All(children, child => Assert.False(IsRunning(child)));
        Assert.DoesNotContain(temporary.Names, name => name.StartsWith("flat-onnx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ChildKilled_IsOneSentenceThatNamesTheModelAndTheSignal()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder temporary = new();
        using ToolProcess tool = Start(folder, temporary);
        int[] children = await TwoChildrenAsync(tool);
        using (Process child = Process.GetProcessById(children[0]))
        {
            child.Kill();
        }

        CliResult result = (await tool.EndAsync()).AssertRefused("net.onnx", "signal 9");
        Assert.Equal(string.Empty, result.Out);
        Assert.All(children, child => Assert.False(IsRunning(child)));
        Assert.DoesNotContain(temporary.Names, name => name.StartsWith("flat-onnx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ToolKilled_ChildrenEndByThemselves()
    {
        using TemporaryFolder folder = new();
        using TemporaryFolder temporary = new();
        using ToolProcess tool = Start(folder, temporary);
        int[] children = await TwoChildrenAsync(tool);
        tool.Signal(ToolProcess.Kill);
        await tool.EndAsync();
        Stopwatch clock = Stopwatch.StartNew();
        while (children.Any(IsRunning))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "a child outlived its parent by a minute");
            await Task.Delay(50);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Measurement_FromAProcess_AnswersOnStdoutAlone(bool ownExecutable)
    {
        using TemporaryFolder folder = new();
        string[] arguments = ["bench", folder.Write("net.onnx", Networks.Small()), "--seconds", "0.1", "--json"];
        CliResult result = (await (ownExecutable
            ? ToolProcess.RunExecutableAsync(arguments)
            : ToolProcess.RunAsync(arguments))).AssertDone();
        Assert.Single(result.Json.GetProperty("runs").EnumerateArray());
    }

    private static ToolProcess Start(TemporaryFolder folder, TemporaryFolder temporary)
    {
        string model = folder.Write("net.onnx", Networks.Small());
        return ToolProcess.Start(
            temporary.Path, "bench", model, folder.Write("same.onnx", Networks.Small()), "--seconds", "300",
            "--threads", "1");
    }

    /// <summary>
    /// The two processes that measure a model each, once there are two: preparing takes only one at a time.
    /// </summary>
    private static async Task<int[]> TwoChildrenAsync(ToolProcess tool)
    {
        int[] found = [];
        await tool.UntilAsync(() => (found = Children(tool.Id)).Length == 2, "there were two children");
        return found;
    }

    private static int[] Children(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out int id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == parent)
            .Order(),
    ];

    private static int ParentOf(int process) =>
        Fields(process) is [_, string parent, ..]
            ? int.Parse(parent, System.Globalization.CultureInfo.InvariantCulture)
            : 0;

    private static bool IsRunning(int process) => Fields(process) is [not "Z", ..];

    /// <summary>State, parent and the rest of what Linux says of a process; nothing where there is none.</summary>
    private static string[] Fields(int process)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
